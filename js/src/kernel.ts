/**
 * The whole service in this process or page: for tests, for demos without a network, for other
 * runtimes.
 *
 * @module
 */

export { fileStore, sqliteStore } from '#files';
export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
export { Cognate } from './kernel/cognate.js';
export type { Credentials, Delivery, OpenOptions, TriggerFunction } from './kernel/options.js';
export type { SdkRequest, SdkRequestHandler } from './kernel/sdk.js';
export { indexedDbStore } from './kernel/store/indexed_db.js';
export type { Store } from './kernel/store/store.js';
