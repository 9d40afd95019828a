import { CognateError } from '../errors.js';
import type { Client } from './client.js';
import { callAsUser } from './refresh.js';
import { clear, load, type Session } from './session.js';
import { call } from './wire.js';

/** From where the user is signed out. */
export interface SignOutOptions {
  /** Ends the user's sessions on all devices. */
  everywhere?: boolean;
}

/** What came of it. */
export interface SignOutResult {
  /** Whether the service knows. If not, it could not be reached, or is set not to revoke tokens. */
  revoked: boolean;
}

/**
 * Signs the user out: here, even if the service cannot be reached; or everywhere, which fails if it
 * cannot, and then the user is still signed in.
 *
 * @example
 * ```ts
 * await signOut(client);
 * await signOut(client, { everywhere: true });
 * ```
 */
export async function signOut(
  client: Client,
  { everywhere = false }: SignOutOptions = {},
): Promise<SignOutResult> {
  if (everywhere) {
    await endAll(client);
    return { revoked: true };
  }
  const session = await present(client);
  await clear(client);
  return { revoked: session === null || (await revoke(client, session)) };
}

/** A spoiled session cannot be revoked, but it can be forgotten. */
async function present(client: Client): Promise<Session | null> {
  try {
    return await load(client);
  } catch {
    return null;
  }
}

async function revoke(client: Client, { refreshToken }: Session): Promise<boolean> {
  if (refreshToken === undefined) return false;
  try {
    await call(client, 'RevokeToken', {
      Token: refreshToken,
      ClientId: client.clientId,
      ClientSecret: client.inner.clientSecret,
    });
    return true;
  } catch {
    return false;
  }
}

async function endAll(client: Client): Promise<void> {
  try {
    await callAsUser(client, 'GlobalSignOut');
  } catch (error) {
    const isOver = error instanceof CognateError && error.code === 'sessionEnded';
    if (!isOver) throw error;
  }
  await clear(client);
}
