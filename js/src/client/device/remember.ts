import { CognateError } from '../../errors.js';
import type { Client } from '../client.js';
import { deviceOf, drop } from '../device.js';
import { callAsUser, notSignedIn } from '../refresh.js';
import { deviceKey, load } from '../session.js';
import type { CallOptions } from '../wire.js';

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
