/**
 * The whole service in this process: for tests, for demos without a network, for other runtimes.
 *
 * @module
 */

export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
export { Cognate } from './kernel/cognate.js';
export type { Credentials, Delivery, OpenOptions, SdkRequest } from './kernel/cognate.js';
export { fileStore } from './kernel/file.js';
export type { Store } from './kernel/store.js';
