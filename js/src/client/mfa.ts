import { CognateError } from '../errors.js';
import { text } from './answer.js';
import type { MfaMethod } from './challenge.js';
import type { Client } from './client.js';
import { callAsUser } from './refresh.js';
import type { CallOptions } from './wire.js';

/**
 * Gives the user who is signed in a secret for an authenticator app. It counts once
 * {@link confirmTotp} was called, and is asked for once {@link setMfaPreference} says so.
 *
 * @example
 * ```ts
 * const { secret } = await setUpTotp(client);
 * showQrCode(`otpauth://totp/Example:ann?secret=${secret}&issuer=Example`);
 * await confirmTotp(client, { code: await ask('the code that the app shows') });
 * await setMfaPreference(client, { totp: 'preferred' });
 * ```
 */
export async function setUpTotp(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<{
  /** The secret, in base32. */
  secret: string;
}> {
  const answer = await callAsUser(client, 'AssociateSoftwareToken', {}, options);
  return { secret: text(answer, 'SecretCode') };
}

/** Proves with a code that the authenticator app has the secret of {@link setUpTotp}. */
export async function confirmTotp(
  client: Client,
  input: {
    /** What the app shows. */
    code: string;
    /** What the user calls the app or the phone. */
    deviceName?: string;
  },
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  const answer = await callAsUser(
    client,
    'VerifySoftwareToken',
    { UserCode: input.code, FriendlyDeviceName: input.deviceName },
    options,
  );
  if (text(answer, 'Status') !== 'SUCCESS') {
    throw new CognateError('codeMismatch', 'The code is wrong');
  }
}

/** Whether a second factor is asked for: the preferred one first. */
export type MfaPreference = 'preferred' | 'on' | 'off';

const SETTINGS: Record<MfaMethod, string> = {
  sms: 'SMSMfaSettings',
  email: 'EmailMfaSettings',
  totp: 'SoftwareTokenMfaSettings',
};

/**
 * Says which second factors the user who is signed in wants; those that are not named stay as they
 * are.
 *
 * @example
 * ```ts
 * await setMfaPreference(client, { totp: 'preferred', sms: 'off' });
 * ```
 */
export async function setMfaPreference(
  client: Client,
  preferences: Partial<Record<MfaMethod, MfaPreference>>,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  const settings = Object.entries(preferences).map(([method, preference]) => [
    SETTINGS[method as MfaMethod],
    { Enabled: preference !== 'off', PreferredMfa: preference === 'preferred' },
  ]);
  await callAsUser(client, 'SetUserMFAPreference', Object.fromEntries(settings), options);
}
