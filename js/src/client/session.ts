import type { Claims } from '../claims.js';
import { CognateError } from '../errors.js';
import { type Answer, badResponse, isObject, optionalText, text } from './answer.js';
import type { Client } from './client.js';

const VERSION = 1;

/** Somebody who is signed in. */
export interface Session {
  /** The user's name in the pool. */
  readonly username: string;
  /** What APIs want to see. */
  readonly accessToken: string;
  /** What says who the user is. */
  readonly idToken: string;
  /** What new tokens are fetched with. */
  readonly refreshToken?: string;
  /** Until when the tokens are valid, in milliseconds since 1970 by this machine's clock. */
  readonly expiresAt: number;
  /**
   * What the ID token says. It came from the service over a connection of ours, so a page may show
   * it; a server that is handed a token verifies it, with `cognate/verify`.
   */
  readonly idClaims: Claims;
  /** What the access token says; see `idClaims`. */
  readonly accessClaims: Claims;
}

type Stored = Pick<Session, 'accessToken' | 'idToken' | 'refreshToken' | 'expiresAt'>;

/**
 * The session that an `AuthenticationResult` means; a refresh may leave the refresh token as it is.
 */
export function fromResult(result: Answer, oldRefreshToken?: string): Session {
  const refreshToken = optionalText(result, 'RefreshToken') ?? oldRefreshToken;
  const seconds = result['ExpiresIn'];
  const session = opened({
    accessToken: text(result, 'AccessToken'),
    idToken: text(result, 'IdToken'),
    expiresAt: Date.now() + (typeof seconds === 'number' ? seconds * 1000 : 0),
    ...(refreshToken !== undefined && { refreshToken }),
  });
  if (session === undefined) throw badResponse();
  return session;
}

function opened({ accessToken, idToken, refreshToken, expiresAt }: Stored): Session | undefined {
  const idClaims = claims(idToken);
  const accessClaims = claims(accessToken);
  const username = accessClaims?.['username'];
  if (!idClaims || !accessClaims || typeof username !== 'string') return undefined;
  const kept = refreshToken !== undefined && { refreshToken };
  return { username, accessToken, idToken, ...kept, expiresAt, idClaims, accessClaims };
}

/** As what the pool knows the device that the session is on, if it tracks devices. */
export function deviceKey({ accessClaims }: Session): string | undefined {
  const key = accessClaims['device_key'];
  return typeof key === 'string' ? key : undefined;
}

/** What a JWT says, unverified. */
export function claims(token: string): Claims | undefined {
  try {
    const base64 = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The session that is kept, whether or not its tokens are still valid. */
export async function load(client: Client): Promise<Session | null> {
  const { unsaved, storage, key } = client.inner;
  if (unsaved !== undefined) return unsaved;
  const text = await reach('read', () => storage.get(key));
  return text === null || text === undefined ? null : read(text);
}

function read(text: string): Session {
  let session: Session | undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && value['version'] === VERSION && isStored(value)) session = opened(value);
  } catch {
    // What it says is none of the error's business.
  }
  if (session) return session;
  throw new CognateError('storage', 'The stored session is spoiled; signing in or out replaces it');
}

function isStored(value: Record<string, unknown>): value is Record<string, unknown> & Stored {
  return (
    typeof value['accessToken'] === 'string' &&
    typeof value['idToken'] === 'string' &&
    typeof value['expiresAt'] === 'number' &&
    ['string', 'undefined'].includes(typeof value['refreshToken'])
  );
}

/**
 * Keeps a session in the place of the one before, and tells those who listen. If storage does not
 * take it, it lives on in the client, and the error is thrown.
 */
export async function save(client: Client, session: Session): Promise<void> {
  const { accessToken, idToken, refreshToken, expiresAt } = session;
  const text = JSON.stringify({
    version: VERSION,
    accessToken,
    idToken,
    refreshToken,
    expiresAt,
  });
  const { storage, key } = client.inner;
  await replace(client, session, () => reach('write', () => storage.set(key, text)));
}

/** Forgets the session, and tells those who listen. */
export async function clear(client: Client): Promise<void> {
  const { storage, key } = client.inner;
  await replace(client, null, () => reach('write', () => storage.remove(key)));
}

async function replace(
  client: Client,
  session: Session | null,
  store: () => Promise<void>,
): Promise<void> {
  const { inner } = client;
  inner.unsaved = session;
  try {
    await store();
    inner.unsaved = undefined;
  } finally {
    for (const listener of inner.listeners) tell(listener, session);
  }
}

async function reach<T>(how: 'read' | 'write', task: () => T | Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    const told =
      how === 'read'
        ? 'The storage could not be read'
        : 'The storage could not be written; the session lasts as long as this page';
    throw new CognateError('storage', told, { cause });
  }
}

function tell(listener: (session: Session | null) => void, session: Session | null): void {
  try {
    listener(session);
  } catch (error) {
    // It is not our caller's fault; the platform reports it as it does for its own events.
    queueMicrotask(() => {
      throw error;
    });
  }
}

/**
 * Calls back whenever somebody signs in or out or the tokens are refreshed, in this page or in
 * another that shares the storage. Returns how to stop that.
 *
 * @example
 * ```ts
 * const stop = onChange(client, (session) => show(session?.username ?? 'nobody'));
 * ```
 */
export function onChange(
  client: Client,
  listener: (session: Session | null) => void,
): () => void {
  const { listeners, storage, key } = client.inner;
  listeners.add(listener);
  const unwatch = storage.watch?.(key, () => {
    load(client).then(
      (session) => tell(listener, session),
      // Whoever asks for the session is told.
      () => {},
    );
  });
  return () => {
    listeners.delete(listener);
    unwatch?.();
  };
}
