import type { Answer } from '../answer.js';
import type { Device } from '../device.js';
import type { Arithmetic } from '../srp.js';

const NAME_CHARS_MAX = 200;

/** A device with its new secret, and what `ConfirmDevice` is told of it. */
export interface Introduction {
  device: Device;
  input: Record<string, unknown>;
}

/**
 * What a device answers to `NewDeviceMetadata`; loaded by those alone whose pool tracks devices.
 */
export async function introduction(
  { begin }: Arithmetic,
  { DeviceKey: key, DeviceGroupKey: groupKey }: Answer,
): Promise<Introduction> {
  if (typeof key !== 'string' || typeof groupKey !== 'string') throw new TypeError('no device');
  const password = base64(crypto.getRandomValues(new Uint8Array(40)));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  // Some write salts as numbers: they would lose a zero in front, or add one above this.
  salt[0] = 1 + (salt[0]! % 127);
  const inner = await sha256(new TextEncoder().encode(`${groupKey}${key}:${password}`));
  const verifier = signed(begin(await sha256(Uint8Array.from([...salt, ...inner]))));
  const input = {
    DeviceKey: key,
    DeviceName: globalThis.navigator?.userAgent?.slice(0, NAME_CHARS_MAX),
    DeviceSecretVerifierConfig: { PasswordVerifier: base64(verifier), Salt: base64(salt) },
  };
  return { device: { key, groupKey, password }, input };
}

/** As Java writes a number: as short as can be, its first bit for the sign. */
function signed(bytes: Uint8Array): Uint8Array {
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return digits[0]! < 128 ? digits : Uint8Array.from([0, ...digits]);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
