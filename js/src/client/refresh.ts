import { CognateError } from '../errors.js';
import { type Answer, badResponse, structure } from './answer.js';
import type { Client } from './client.js';
import { exclusively } from './lock.js';
import { secretHash } from './secret_hash.js';
import { clear, deviceKey, fromResult, load, save, type Session } from './session.js';
import { call, type CallOptions } from './wire.js';

/** Tokens that are about to expire would do so on their way. */
const MARGIN_MS = 60_000;

/** No token lives longer; one that seems to was received under another clock. */
const LIFETIME_MS_MAX = 25 * 60 * 60 * 1000;

const RETRY_AFTER_MS = 300;

/** How much is wanted of a session. */
export interface GetSessionOptions {
  /** Fetches new tokens even if the present ones are still valid. */
  refresh?: boolean;
}

/**
 * Who is signed in, with tokens that are valid: new ones are fetched if need be. Null if nobody is.
 *
 * However often it is called at once, in however many tabs, one refresh is in flight. While the
 * service cannot be reached the session stays, and so does a refresh token that the service did not
 * refuse.
 *
 * @throws {@link CognateError} `sessionEnded` if the service no longer takes the refresh token, once:
 * from then on nobody is signed in.
 *
 * @example
 * ```ts
 * const session = await getSession(client);
 * if (session) await fetch(api, { headers: { authorization: `Bearer ${session.accessToken}` } });
 * ```
 */
export async function getSession(
  client: Client,
  { refresh = false }: GetSessionOptions = {},
): Promise<Session | null> {
  const session = await load(client);
  if (!session || (!refresh && isFresh(session))) return session;
  try {
    return await renewed(client, session);
  } catch (error) {
    const isValidStill = !refresh && session.expiresAt > Date.now();
    if (isValidStill && isTransient(error)) return session;
    throw error;
  }
}

function isFresh({ expiresAt }: Session): boolean {
  const rest = expiresAt - Date.now();
  return rest > MARGIN_MS && rest < LIFETIME_MS_MAX;
}

function renewed(client: Client, session: Session): Promise<Session> {
  const { inner } = client;
  inner.refreshing ??= exclusively(
    { storage: inner.storage, name: `${inner.key}.refresh`, limitMs: 3 * inner.timeoutMs },
    () => renew(client, session),
  ).finally(() => {
    inner.refreshing = undefined;
  });
  return inner.refreshing;
}

async function renew(client: Client, known: Session): Promise<Session> {
  const before = await load(client);
  if (!before) throw notSignedIn();
  // Another page did it while we waited.
  if (before.accessToken !== known.accessToken && isFresh(before)) return before;
  let result: Answer;
  try {
    result = await exchange(client, before);
  } catch (error) {
    if (!endsSession(error)) throw error;
    return theirsOr(client, before, async () => {
      await clear(client);
      throw new CognateError('sessionEnded', 'The session has ended', { cause: error });
    });
  }
  const after = fromResult(result, before.refreshToken);
  return theirsOr(client, before, async () => {
    await save(client, after);
    return after;
  });
}

/** Somebody may have signed in or out while the service was asked: then that counts. */
async function theirsOr(
  client: Client,
  before: Session,
  ours: () => Promise<Session>,
): Promise<Session> {
  const now = await load(client);
  if (!now) throw notSignedIn();
  return now.refreshToken === before.refreshToken ? ours() : now;
}

async function exchange(client: Client, session: Session): Promise<Answer> {
  if (session.refreshToken === undefined) throw notSignedIn();
  try {
    return await exchangeOnce(client, session);
  } catch (error) {
    if (!isTransient(error)) throw error;
    // If only the answer was lost, a service that rotates takes the old token for a little longer.
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    return exchangeOnce(client, session);
  }
}

async function exchangeOnce(client: Client, session: Session): Promise<Answer> {
  const { inner, clientId } = client;
  const { refreshToken = '', username } = session;
  const device = deviceKey(session);
  if (!inner.refreshesByInitiateAuth) {
    try {
      return await resultOf(client, 'GetTokensFromRefreshToken', {
        RefreshToken: refreshToken,
        ClientId: clientId,
        ClientSecret: inner.clientSecret,
        DeviceKey: device,
      });
    } catch (error) {
      if (!isUnknownOperation(error)) throw error;
      inner.refreshesByInitiateAuth = true;
    }
  }
  return resultOf(client, 'InitiateAuth', {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: clientId,
    AuthParameters: {
      REFRESH_TOKEN: refreshToken,
      ...(device !== undefined && { DEVICE_KEY: device }),
      ...(await secretHash(client, username)),
    },
  });
}

async function resultOf(
  client: Client,
  operation: string,
  input: Record<string, unknown>,
): Promise<Answer> {
  const result = structure(await call(client, operation, input), 'AuthenticationResult');
  if (!result) throw badResponse();
  return result;
}

function isUnknownOperation(error: unknown): boolean {
  if (!(error instanceof CognateError)) return false;
  const { serviceError = '', status } = error;
  return /^(UnknownOperation|InvalidAction|Unsupported)/.test(serviceError) || status === 501;
}

/** Whether it may go better another time. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof CognateError &&
    ['network', 'timeout', 'server', 'badResponse', 'tooManyRequests'].includes(error.code)
  );
}

/** Whether the refresh token is good for nothing any more. */
function endsSession(error: unknown): boolean {
  if (!(error instanceof CognateError)) return false;
  if (error.serviceError === 'RefreshTokenReuseException') return true;
  // A wrong secret is the application's mistake, and no fault of the token.
  const isOurs = error.code === 'notAuthorized' && /secret/i.test(error.message);
  return ['notAuthorized', 'notSignedIn', 'userNotFound'].includes(error.code) && !isOurs;
}

export function notSignedIn(): CognateError {
  return new CognateError('notSignedIn', 'Nobody is signed in');
}

/** Calls an operation as the user who is signed in; a refused access token is renewed once. */
export async function callAsUser(
  client: Client,
  operation: string,
  input: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<Answer> {
  const session = await getSession(client);
  if (!session) throw notSignedIn();
  const as = ({ accessToken }: Session): Promise<Answer> =>
    call(client, operation, { AccessToken: accessToken, ...input }, options);
  try {
    return await as(session);
  } catch (error) {
    const isRefused = error instanceof CognateError && error.code === 'notAuthorized';
    if (!isRefused || !/access token/i.test(error.message)) throw error;
    return as(await renewed(client, session));
  }
}
