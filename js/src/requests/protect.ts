import { CognateError, type CognateErrorCode } from '../errors.js';
import {
  type RequestVerifier,
  type VerifiedRequest,
  type VerifyRequestOptions,
  verifyRequest,
} from './verifier.js';

/** What a request wants to do, in the words of policies. */
export interface Asked {
  /** Such as `orders:Update`. */
  action: string;
  /** Such as `arn:orders:::order/7`; `*` where it is no one thing. */
  resource: string;
  /** What policies may ask about beside what every request says: values by condition key. */
  context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Whom to let in. */
export interface ProtectSignedOptions {
  /** Says who signed. */
  verifier: RequestVerifier;
  /** What a request wants to do; if left out, whoever signed may. */
  asks?: (request: Request) => Asked | Promise<Asked>;
  /** What this host knows of a request. */
  knows?: (request: Request) => VerifyRequestOptions;
}

/** A handler that is told who signed. */
export type SignedHandler<Rest extends unknown[]> = (
  request: Request,
  verified: VerifiedRequest,
  ...rest: Rest
) => Response | Promise<Response>;

/**
 * Lets requests in that are signed by somebody whose role allows what they want, and answers others
 * itself: 401 without a good signature, 403 if it is not enough, 503 if that can't be said now.
 *
 * @example
 * ```ts
 * export default {
 *   fetch: protectSigned((request, { signer }) => new Response(`Hello ${signer.identityId}`), {
 *     verifier,
 *     asks: (request) => ({ action: `orders:${request.method}`, resource: '*' }),
 *   }),
 * };
 * ```
 */
export function protectSigned<Rest extends unknown[]>(
  handler: SignedHandler<Rest>,
  { verifier, asks, knows }: ProtectSignedOptions,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    let verified: VerifiedRequest;
    try {
      verified = await verifyRequest(verifier, request, knows?.(request));
      if (asks) demand(verified, await asks(request));
    } catch (error) {
      return refusalOf(error);
    }
    return handler(request, verified, ...rest);
  };
}

function demand({ signer, allows }: VerifiedRequest, { action, resource, context }: Asked): void {
  if (allows(action, resource, context)) return;
  throw new CognateError(
    'accessDenied',
    `User: ${signer.arn} is not authorized to perform: ${action} on resource: ${resource}`,
    { serviceError: 'AccessDeniedException' },
  );
}

const STATUS: Partial<Record<CognateErrorCode, number>> = {
  accessDenied: 403,
  bodyTooLarge: 413,
  credentialsExpired: 401,
  credentialsUnknown: 401,
  signatureExpired: 401,
  signatureInvalid: 401,
  signatureMissing: 401,
};

/**
 * The answer to a request that {@link verifyRequest} refused, in the form that AWS's clients
 * understand. Its `Date` lets signers correct their clock. What is no refusal is thrown again, but
 * for what may go better another time: that is a 503.
 */
export function refusalOf(error: unknown): Response {
  if (!(error instanceof CognateError)) throw error;
  const status = STATUS[error.code];
  if (status === undefined) {
    const isTransient = ['badResponse', 'network', 'server', 'timeout', 'tooManyRequests'];
    if (!isTransient.includes(error.code)) throw error;
    return answer(503, 'ServiceUnavailableException', 'It can not be said now who signed.');
  }
  return answer(status, error.serviceError ?? 'RequestEntityTooLargeException', error.message);
}

function answer(status: number, type: string, message: string): Response {
  return Response.json(
    { __type: type, message },
    {
      status,
      headers: {
        date: new Date().toUTCString(),
        'x-amzn-errortype': type,
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'date, x-amzn-errortype',
        ...(status === 503 && { 'retry-after': '1' }),
      },
    },
  );
}
