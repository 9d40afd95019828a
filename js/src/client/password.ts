import type { Client } from './client.js';
import { type Delivery, deliveryIn } from './delivery.js';
import { callAsUser } from './refresh.js';
import { secretHashMember } from './secret_hash.js';
import { call, type CallOptions } from './wire.js';

/** The code that came, and the password to be. */
export interface ConfirmForgotPasswordInput {
  /** Whose password. */
  username: string;
  /** The code. */
  code: string;
  /** The password from now on. */
  newPassword: string;
}

/**
 * Sends a code to somebody who forgot the password. Gives where to, if the service says so.
 *
 * @example
 * ```ts
 * await forgotPassword(client, { username: 'ann' });
 * await confirmForgotPassword(client, { username: 'ann', code, newPassword });
 * ```
 */
export async function forgotPassword(
  client: Client,
  { username }: { username: string },
  options: CallOptions = {},
): Promise<Delivery | undefined> {
  const answer = await call(
    client,
    'ForgotPassword',
    {
      ClientId: client.clientId,
      Username: username,
      ClientMetadata: options.clientMetadata,
      ...(await secretHashMember(client, username)),
    },
    options,
  );
  return deliveryIn(answer);
}

/** Sets a new password, with the code that {@link forgotPassword} sent. */
export async function confirmForgotPassword(
  client: Client,
  input: ConfirmForgotPasswordInput,
  options: CallOptions = {},
): Promise<void> {
  await call(
    client,
    'ConfirmForgotPassword',
    {
      ClientId: client.clientId,
      Username: input.username,
      ConfirmationCode: input.code,
      Password: input.newPassword,
      ClientMetadata: options.clientMetadata,
      ...(await secretHashMember(client, input.username)),
    },
    options,
  );
}

/** Changes the password of the user who is signed in. */
export async function changePassword(
  client: Client,
  input: { currentPassword: string; newPassword: string },
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  await callAsUser(
    client,
    'ChangePassword',
    { PreviousPassword: input.currentPassword, ProposedPassword: input.newPassword },
    options,
  );
}
