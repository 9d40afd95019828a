import { AwsV4Signer } from 'aws4fetch';

import { CognateError } from '../errors.js';

/** Services refuse what is signed by a clock that is five minutes off; corrected a little earlier. */
const SKEW_MS_MAX = 240_000;

const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Credentials as AWS's SDKs have them. */
export interface SigningCredentials {
  /** The key's id, which is public. */
  readonly accessKeyId: string;
  /** The key itself. */
  readonly secretAccessKey: string;
  /** What comes with a temporary key. */
  readonly sessionToken?: string | undefined;
  /** The identity that they are of, which says its region. */
  readonly identityId?: string | undefined;
}

/** What to sign with, and for whom. */
export interface SignedFetchOptions {
  /** The credentials, or what gives them, such as {@link credentials}. */
  credentials: SigningCredentials | (() => Promise<SigningCredentials>);
  /** The service that the signature is for, such as `s3`, `execute-api` or a name of your own. */
  service: string;
  /** Its region; if left out, that of the identity, or `us-east-1`. */
  region?: string;
  /**
   * Whether streams are sent as they are, without a signature of what is in them, where the service
   * takes that. S3 does, and needs not be told. Elsewhere a stream is read to its end first.
   */
  unsignedPayload?: boolean;
  /** What sends requests; the platform's `fetch` if left out. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * Makes a `fetch` that signs each request (AWS Signature Version 4).
 *
 * If a service refuses a request and its `Date` says that this machine's clock is wrong, the request
 * is signed anew by the service's clock, and so is what follows; unless it was a stream, which is
 * gone. In pages the service must let `Date` be seen (`Access-Control-Expose-Headers`).
 *
 * @example
 * ```ts
 * const send = signedFetch({ credentials: provider, service: 'orders' });
 * await send('https://orders.example.com/orders/7', { method: 'PUT', body: '{"status":"sent"}' });
 * ```
 */
export function signedFetch(
  options: SignedFetchOptions,
): (input: Request | string | URL, init?: RequestInit) => Promise<Response> {
  const { service } = options;
  if (service === '') throw new CognateError('badOptions', 'service is empty');
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const keys = new Keys();
  let aheadMs = 0;
  return async (input, init) => {
    const unsigned = new Request(input, init);
    const isStream = isStreamed(options, init);
    const body = isStream ? unsigned.body : await bytesOf(unsigned);
    const signed = async (): Promise<Request> => {
      const given = options.credentials;
      const credentials = typeof given === 'function' ? await given() : given;
      const now = new Date(Date.now() + aheadMs);
      return sign(unsigned, { ...options, credentials, body, now, keys: keys.of(credentials) });
    };
    const response = await send(await signed());
    const date = Date.parse(response.headers.get('date') ?? '');
    if (![400, 401, 403].includes(response.status) || Number.isNaN(date)) return response;
    const offMs = date - Date.now();
    if (isStream || Math.abs(offMs - aheadMs) < SKEW_MS_MAX) return response;
    aheadMs = offMs;
    await response.body?.cancel();
    return send(await signed());
  };
}

/** What was derived of a key already. */
class Keys {
  #accessKeyId = '';
  #derived = new Map<string, ArrayBuffer>();

  of({ accessKeyId }: SigningCredentials): Map<string, ArrayBuffer> {
    if (accessKeyId !== this.#accessKeyId) {
      this.#accessKeyId = accessKeyId;
      this.#derived = new Map();
    }
    return this.#derived;
  }
}

type Terms = Pick<SignedFetchOptions, 'service' | 'region'> & {
  credentials: SigningCredentials;
  body: BodyInit | null;
  now: Date;
  keys: Map<string, ArrayBuffer>;
};

async function sign(request: Request, terms: Terms): Promise<Request> {
  const { service, credentials, body, now, keys } = terms;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const url = new URL(request.url);
  // A plus is a plus in a path; where the signer takes it for a blank, it has to be spelled out.
  url.pathname = url.pathname.replaceAll('+', '%2B');
  const headers = new Headers(request.headers);
  if (body instanceof ReadableStream) headers.set('x-amz-content-sha256', UNSIGNED_PAYLOAD);
  else if (service === 's3') headers.set('x-amz-content-sha256', await sha256(body));
  const signer = new AwsV4Signer({
    url: url.href,
    method: request.method,
    headers,
    ...(body !== null && { body }),
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service,
    region: terms.region ?? credentials.identityId?.split(':')[0] ?? 'us-east-1',
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
    cache: keys,
  });
  const signed = await signer.sign();
  const init: RequestInit & { duplex?: 'half' } = { headers: signed.headers };
  if (body !== null) Object.assign(init, { body, duplex: 'half' });
  return new Request(url.href === request.url ? request : new Request(url, request), init);
}

function isStreamed(
  { service, unsignedPayload = service === 's3' }: SignedFetchOptions,
  init: RequestInit | undefined,
): boolean {
  return unsignedPayload && init?.body instanceof ReadableStream;
}

/** What a request holds, while it keeps it. */
async function bytesOf(request: Request): Promise<ArrayBuffer | null> {
  return request.body === null ? null : request.clone().arrayBuffer();
}

async function sha256(body: BodyInit | null): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await new Response(body).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
