/**
 * Who signed this request, and may they? Verifies requests that were signed with the temporary
 * credentials of one of Cognate's identity pools (AWS Signature Version 4), in Workers, Node, Deno
 * and Bun: on the side of services, which hold a key that pages must not see.
 *
 * @example
 * ```ts
 * import { createRequestVerifier, verifyRequest } from 'cognate/requests';
 *
 * const verifier = createRequestVerifier({ endpoint, verifierKey, service: 'orders' });
 * const { signer, allows } = await verifyRequest(verifier, request);
 * if (!allows('orders:Update', 'arn:orders:::order/7')) return new Response(null, { status: 403 });
 * ```
 *
 * @module
 */

export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
export { protectSigned, refusalOf } from './requests/protect.js';
export type { Asked, ProtectSignedOptions, SignedHandler } from './requests/protect.js';
export type { Signer } from './requests/signer.js';
export { createRequestVerifier, verifyRequest } from './requests/verifier.js';
export type {
  RequestVerifier,
  RequestVerifierOptions,
  VerifiedRequest,
  VerifyRequestOptions,
} from './requests/verifier.js';
