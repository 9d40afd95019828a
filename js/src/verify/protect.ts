// Who may come in? Handlers that only see requests with a token that is to be trusted.

import { CognateError } from '../errors.js';
import { type Claims, type Demands, type TokenUse, listOf } from './claims.js';
import type { Verifier } from './verifier.js';

/** Whom to let in. */
export interface ProtectOptions<Use extends TokenUse | null> extends Demands {
  /** Says which tokens are to be trusted. */
  verifier: Verifier<Use>;
  /** What is protected, in a word that browsers and clients may show; `api`. */
  realm?: string;
}

/** A handler of requests as the Fetch API has them, in Workers, Deno, Bun and others. */
export type FetchHandler<Rest extends unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

/** A handler that gets the claims, too. */
export type ProtectedHandler<Use extends TokenUse | null, Rest extends unknown[]> = (
  request: Request,
  claims: Claims<Use>,
  ...rest: Rest
) => Response | Promise<Response>;

/**
 * Lets requests in that bring a bearer token which is to be trusted, and answers others itself, in
 * the words of RFC 6750: 401 without a good token, 403 if it is not enough, 503 if that can't be
 * said because the keys of the issuer are not to be had.
 *
 * @example
 * ```ts
 * export default {
 *   fetch: protect((request, claims) => new Response(`Hello ${claims.username}`), {
 *     verifier,
 *     groups: 'admins',
 *   }),
 * };
 * ```
 */
export function protect<Use extends TokenUse | null, Rest extends unknown[]>(
  handler: ProtectedHandler<Use, Rest>,
  options: ProtectOptions<Use>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const admit = gate(options);
  return async (request, ...rest) => {
    const { claims, refusal } = await admit(request.headers.get('authorization'));
    if (refusal) return respond(refusal);
    return handler(request, claims, ...rest);
  };
}

/** What is used of Hono's context. */
export interface HonoContext {
  /** Hono's own wrapping of the request. */
  req: {
    /** The request as it came. */
    raw: Request;
  };
  // A method, so that contexts whose variables are typed will do.
  /** Keeps a variable for the handlers that follow. */
  set(name: 'claims', claims: unknown): void;
}

/**
 * The same as a middleware of Hono; the claims are the variable `claims`.
 *
 * @example
 * ```ts
 * app.use('/admin/*', protectHono({ verifier, groups: 'admins' }));
 * app.get('/admin/me', (c) => c.text(c.get('claims').sub));
 * ```
 */
export function protectHono<Use extends TokenUse | null>(
  options: ProtectOptions<Use>,
): (context: HonoContext, next: () => Promise<void>) => Promise<Response | void> {
  const admit = gate(options);
  return async (context, next) => {
    const { claims, refusal } = await admit(context.req.raw.headers.get('authorization'));
    if (refusal) return respond(refusal);
    context.set('claims', claims);
    return next();
  };
}

/** What is used of the requests of Express, and of Node's own. */
export interface ExpressRequest {
  /** By their names in small letters. */
  headers: {
    /** Where the token is. */
    authorization?: string | undefined;
  };
}

/** What is used of the responses of Express. */
export interface ExpressResponse {
  /** The HTTP status. */
  statusCode: number;
  // Express has it so.
  /** Variables for the handlers that follow. */
  locals: Record<string, any>;
  /** Sets a header. */
  setHeader(name: string, value: string): unknown;
  /** Sends the answer. */
  end(body: string): unknown;
}

/**
 * The same as a middleware of Express; the claims are `response.locals.claims`.
 *
 * @example
 * ```ts
 * app.use('/admin', protectExpress({ verifier, groups: 'admins' }));
 * app.get('/admin/me', (request, response) => response.send(response.locals.claims.sub));
 * ```
 */
export function protectExpress<Use extends TokenUse | null>(
  options: ProtectOptions<Use>,
): (
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => Promise<void> {
  const admit = gate(options);
  return async (request, response, next) => {
    try {
      const { claims, refusal } = await admit(request.headers.authorization);
      if (refusal) {
        response.statusCode = refusal.status;
        for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
        response.end(refusal.body);
        return;
      }
      response.locals.claims = claims;
    } catch (error) {
      return next(error);
    }
    next();
  };
}

interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

type Admission<Use extends TokenUse | null> =
  | { claims: Claims<Use>; refusal?: undefined }
  | { claims?: undefined; refusal: Refusal };

function gate<Use extends TokenUse | null>(
  options: ProtectOptions<Use>,
): (authorization: string | null | undefined) => Promise<Admission<Use>> {
  const { verifier, groups, scopes, realm = 'api' } = options;
  const scope = scopes === undefined ? '' : listOf(scopes).join(' ');
  // They stand in quotes, in a header.
  if (![realm, scope].every((text) => /^[ !#-[\]-~]*$/.test(text))) {
    throw new CognateError('badOptions', 'realm and scopes are of printable characters.');
  }
  return async (authorization) => {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    // Who brings nothing is told no more than what is asked for (RFC 6750 §3.1).
    if (token === undefined) return { refusal: challenge(401, { realm }) };
    try {
      return { claims: await verifier.verify(token, { groups, scopes }) };
    } catch (error) {
      if (!(error instanceof CognateError)) throw error;
      return { refusal: refuse(error, realm, scope) };
    }
  };
}

function refuse({ code, message }: CognateError, realm: string, scope: string): Refusal {
  const error_description = message;
  switch (code) {
    case 'missingScope':
      return challenge(403, { realm, error: 'insufficient_scope', error_description, scope });
    case 'missingGroup':
      return challenge(403, { realm, error: 'insufficient_scope', error_description });
    case 'network':
    case 'timeout':
    case 'badResponse':
    case 'notSupported':
      return {
        status: 503,
        headers: { 'content-type': 'application/json', 'retry-after': '1' },
        body: JSON.stringify({ error: 'temporarily_unavailable', error_description }),
      };
    default:
      return challenge(401, { realm, error: 'invalid_token', error_description });
  }
}

function challenge(status: number, parameters: Record<string, string>): Refusal {
  const { realm, scope, ...body } = parameters;
  const quoted = Object.entries(parameters).filter(([, value]) => value !== '');
  const list = quoted.map(([name, value]) => `${name}="${value}"`).join(', ');
  const headers = { 'content-type': 'application/json', 'www-authenticate': `Bearer ${list}` };
  return { status, headers, body: JSON.stringify({ error: 'unauthorized', ...body }) };
}

function respond({ status, headers, body }: Refusal): Response {
  return new Response(body, { status, headers });
}
