// By what does a pool know this device again? A secret of its own, proven like a password.

import { CognateError } from '../errors.js';
import { type Answer, isObject, text } from './answer.js';
import type { Client } from './client.js';
import { callAsUser, notSignedIn } from './refresh.js';
import { deviceKey, load, type Session } from './session.js';
import { type Arithmetic, arithmetic } from './srp.js';
import { call, type CallOptions } from './wire.js';

/** What a device keeps of its being known. */
export interface Device {
  readonly key: string;
  readonly groupKey: string;
  readonly password: string;
}

const NAME_CHARS_MAX = 200;

/** The device that the user signed in with before; one that cannot be read is a new one. */
export async function deviceOf(client: Client, username: string): Promise<Device | undefined> {
  try {
    const value: unknown = JSON.parse((await client.inner.storage.get(place(client, username))) ?? '');
    if (!isObject(value)) return undefined;
    const [key, groupKey, password] = ['key', 'groupKey', 'password'].map((name) => text(value, name));
    return { key: key!, groupKey: groupKey!, password: password! };
  } catch {
    return undefined;
  }
}

/** Drops what is kept for those names. */
export async function drop(client: Client, usernames: readonly string[]): Promise<void> {
  try {
    for (const username of usernames) await client.inner.storage.remove(place(client, username));
  } catch {
    // Then the service forgets it, which is what counts.
  }
}

/** Names may hold what keys of storages, such as names of cookies, may not. */
function place({ inner }: Client, username: string): string {
  const bytes = new TextEncoder().encode(username);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  return `${inner.key}.device.${digits.join('')}`;
}

/**
 * Answers `NewDeviceMetadata`: the device gets its secret, and the pool what proves it. Gives whether
 * the pool leaves it to the user whether to be remembered. A failure costs nobody the sign-in: the
 * device is new again the next time.
 */
export async function introduce(
  client: Client,
  { session, metadata, typed }: { session: Session; metadata: Answer; typed: string },
  options: Pick<CallOptions, 'signal'>,
): Promise<boolean> {
  try {
    const [key, groupKey] = [text(metadata, 'DeviceKey'), text(metadata, 'DeviceGroupKey')];
    const password = base64(crypto.getRandomValues(new Uint8Array(40)));
    const salt = crypto.getRandomValues(new Uint8Array(16));
    // Some write salts as numbers, and lose a zero in front; above this they would add one.
    salt[0] = 1 + (salt[0]! % 127);
    const device: Device = { key, groupKey, password };
    const verifier = await verifierOf(await arithmetic(client), device, salt);
    const input = {
      AccessToken: session.accessToken,
      DeviceKey: key,
      DeviceName: globalThis.navigator?.userAgent?.slice(0, NAME_CHARS_MAX),
      DeviceSecretVerifierConfig: { PasswordVerifier: base64(verifier), Salt: base64(salt) },
    };
    const answer = await call(client, 'ConfirmDevice', input, options);
    for (const name of new Set([typed, session.username])) {
      await client.inner.storage.set(place(client, name), JSON.stringify(device));
    }
    return answer['UserConfirmationNecessary'] === true;
  } catch {
    return false;
  }
}

/** `v = g^x`, as Java writes a number. */
async function verifierOf(
  { begin }: Arithmetic,
  { key, groupKey, password }: Device,
  salt: Uint8Array,
): Promise<Uint8Array> {
  const inner = await sha256(new TextEncoder().encode(`${groupKey}${key}:${password}`));
  const power = begin(await sha256(Uint8Array.from([...salt, ...inner])));
  const digits = power.subarray(power.findIndex((byte) => byte !== 0));
  return digits[0]! < 128 ? digits : Uint8Array.from([0, ...digits]);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Has the service remember this device, so that it asks for no second factor here: for pools that
 * leave that to the user. See `mayRemember` of {@link SignedIn}.
 *
 * @example
 * ```ts
 * if (next.step === 'done' && next.mayRemember && (await askWhether())) await rememberDevice(client);
 * ```
 */
export async function rememberDevice(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  const { key } = await present(client);
  const input = { DeviceKey: key, DeviceRememberedStatus: 'remembered' };
  await callAsUser(client, 'UpdateDeviceStatus', input, options);
}

/** Has the service forget this device: the user is asked for a second factor again. */
export async function forgetDevice(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  const { key, username } = await present(client);
  await callAsUser(client, 'ForgetDevice', { DeviceKey: key }, options);
  await drop(client, [username]);
}

async function present(client: Client): Promise<{ key: string; username: string }> {
  const session = await load(client);
  if (!session) throw notSignedIn();
  const { username } = session;
  const key = deviceKey(session) ?? (await deviceOf(client, username))?.key;
  if (key === undefined) {
    throw new CognateError('resourceNotFound', 'The service does not know this device');
  }
  return { key, username };
}
