export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
