/**
 * Is this token to be trusted? Verifies the ID and access tokens of Cognate and of Amazon Cognito,
 * without asking anybody but for the public keys, in browsers, Node, Deno, Bun and Workers.
 *
 * @module
 */

export { groups, hasGroup, hasScope } from './claims.js';
export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
export type { AccessClaims, Claims, CommonClaims, Demands, IdClaims, TokenUse } from './verify/claims.js';
export type { JsonWebKeySet, KeyOptions } from './verify/keys.js';
export type { JsonWebKeyEntry } from './verify/public_key.js';
export { protect, protectExpress, protectHono } from './verify/protect.js';
export type {
  ExpressRequest,
  ExpressResponse,
  FetchHandler,
  HonoContext,
  ProtectOptions,
  ProtectedHandler,
} from './verify/protect.js';
export { createVerifier } from './verify/verifier.js';
export type { Issuers, Verifier, VerifierOptions } from './verify/verifier.js';
