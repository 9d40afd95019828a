// By what does a pool know this device again? A secret of its own, proven like a password.

import { type Answer, isObject, text } from './answer.js';
import type { Client } from './client.js';
import type { Session } from './session.js';
import { arithmetic } from './srp.js';
import { call, type CallOptions } from './wire.js';

/** What a device keeps of its being known. */
export interface Device {
  readonly key: string;
  readonly groupKey: string;
  readonly password: string;
}

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
  return `${inner.key}.device.${encodeURIComponent(username)}`;
}

/**
 * Answers `NewDeviceMetadata`: the device gets its secret, and the pool what proves it. Gives whether
 * the pool leaves it to the user whether to be remembered.
 */
export async function introduce(
  client: Client,
  { session, metadata, typed }: { session: Session; metadata: Answer; typed: string },
  options: Pick<CallOptions, 'signal'>,
): Promise<boolean> {
  const { introduction } = await import('./device/introduce.js');
  const { device, input } = await introduction(await arithmetic(client), metadata);
  const { accessToken: AccessToken, username } = session;
  const answer = await call(client, 'ConfirmDevice', { AccessToken, ...input }, options);
  for (const name of [typed, username]) {
    await client.inner.storage.set(place(client, name), JSON.stringify(device));
  }
  return answer['UserConfirmationNecessary'] === true;
}
