/**
 * Gets the temporary credentials of an identity pool, keeps them fresh, and signs requests with
 * them (AWS Signature Version 4), in browsers, Node, Deno, Bun and Workers.
 *
 * @example
 * ```ts
 * import { browserStorage, createClient } from 'cognate/client';
 * import { credentials, signedFetch } from 'cognate/credentials';
 *
 * const client = createClient({ userPoolId, clientId, endpoint, storage: browserStorage('local') });
 * const provider = credentials({ identityPoolId, endpoint, client });
 * const send = signedFetch({ credentials: provider, service: 'orders' });
 * const response = await send('https://orders.example.com/orders/7');
 * ```
 *
 * @module
 */

export type { Client } from './client/client.js';
export { browserStorage } from './client/storage/browser.js';
export { memoryStorage } from './client/storage/memory.js';
export type { TokenStorage } from './client/storage.js';
export { credentials } from './credentials/provider.js';
export type {
  Credentials,
  CredentialsOptions,
  CredentialsProvider,
  Logins,
} from './credentials/provider.js';
export { signedFetch } from './credentials/signed_fetch.js';
export type { SignedFetchOptions, SigningCredentials } from './credentials/signed_fetch.js';
export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
