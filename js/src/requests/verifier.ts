import { load } from '#requests';

import { type Answer, badResponse } from '../client/answer.js';
import { endpointOf } from '../client/client.js';
import { callAt, type Service } from '../client/wire.js';
import { CognateError, type CognateErrorCode } from '../errors.js';
import { within } from '../verify/deadline.js';
import { type Signer, signerOf } from './signer.js';
import * as glue from './wasm/glue.js';

const TIMEOUT_MS = 5_000;
const BODY_BYTES_MAX = 1 << 20;

/** How many access keys are known at once; the ones that were asked for first go first. */
const KNOWN_MAX = 1_000;

/** For how long a refusal is not asked for again, so that strangers do not ask through us. */
const REFUSED_MS = 5_000;

/** Who verifies, and for which service. */
export interface RequestVerifierOptions {
  /** Where Cognate is. */
  endpoint: string | URL;
  /** The key that `Cognate.CreateVerifierKey` told. A secret. */
  verifierKey: string;
  /** The service that the key is for: what signatures must be scoped to. */
  service: string;
  /** Whether requests are taken whose signature leaves the body out; no, if left out. */
  unsignedPayload?: boolean;
  /** How large a body may be that is signed, for it is read to its end; 1 MiB if left out. */
  maxBodyBytes?: number;
  /** What asks Cognate, such as a service binding; the platform's `fetch` if left out. */
  fetch?: (request: Request) => Promise<Response>;
  /** How long Cognate may take to answer; 5 seconds if left out. */
  timeoutMs?: number;
  /** The package's `requests.wasm`, where it can't be found: `cognate/requests/requests.wasm`. */
  wasm?: WebAssembly.Module;
}

/** Verifies the requests of one service; to be made once, for it remembers whom it knows. */
export interface RequestVerifier {
  /** The service. */
  readonly service: string;
  /** @internal */
  readonly inner: Inner;
}

/** @internal */
export interface Inner {
  readonly cognate: Service;
  readonly verifierKey: string;
  readonly unsignedPayload: boolean;
  readonly maxBodyBytes: number;
  readonly wasm: WebAssembly.Module | undefined;
  /** What was answered, by the question. */
  readonly known: Map<string, Known>;
}

interface Known {
  readonly answer: Promise<Answer>;
  until: number;
}

/** What a host knows of a request that the request itself does not say. */
export interface VerifyRequestOptions {
  /** The address that it came from, which policies may ask for; `cf-connecting-ip` in Workers. */
  address?: string;
  /** Scheme, host and port that it was sent to, if something stands before this service. */
  origin?: string;
}

/** A request whose signature is true. */
export interface VerifiedRequest {
  /** Whoever signed it. */
  readonly signer: Signer;
  /**
   * Whether the role's policies allow an action, such as `orders:Update`, on a resource, such as
   * `arn:orders:::order/7` or `*`. `context` is what they may ask about beside what every request
   * says: values by condition key.
   */
  allows(
    this: void,
    action: string,
    resource: string,
    context?: Readonly<Record<string, string | readonly string[]>>,
  ): boolean;
}

/**
 * Makes a verifier. It asks nothing until a request comes.
 *
 * Cognate is asked once a minute and access key: who has it, what the role allows, and what signs
 * with it for this service today. So that long may a change of roles or policies go unseen.
 *
 * @example In a Worker that is bound to Cognate
 * ```ts
 * const verifier = createRequestVerifier({
 *   endpoint: 'https://id.example.com',
 *   fetch: (request) => env.COGNATE.fetch(request),
 *   verifierKey: env.VERIFIER_KEY,
 *   service: 'orders',
 * });
 * ```
 */
export function createRequestVerifier(options: RequestVerifierOptions): RequestVerifier {
  const { service, verifierKey, timeoutMs = TIMEOUT_MS, maxBodyBytes = BODY_BYTES_MAX } = options;
  if (!/^[a-z0-9-]+$/.test(service)) {
    throw new CognateError('badOptions', 'service is not made of small letters, digits and dashes');
  }
  if (!verifierKey) throw new CognateError('badOptions', 'verifierKey is empty');
  if (!(timeoutMs > 0)) throw new CognateError('badOptions', 'timeoutMs is not above 0');
  if (!(maxBodyBytes >= 0)) throw new CognateError('badOptions', 'maxBodyBytes is below 0');
  return {
    service,
    inner: {
      cognate: {
        endpoint: endpointOf(options.endpoint),
        // Wrapped: some runtimes insist that it is called on the global object.
        fetch: options.fetch ?? ((request) => fetch(request)),
        timeoutMs,
      },
      verifierKey,
      unsignedPayload: options.unsignedPayload ?? false,
      maxBodyBytes,
      wasm: options.wasm,
      known: new Map(),
    },
  };
}

/**
 * Verifies a request, whose body stays there to be read.
 *
 * @throws {@link CognateError} `signatureMissing`, `signatureInvalid`, `signatureExpired`,
 * `credentialsUnknown`, `credentialsExpired` or `bodyTooLarge` if it is refused; `network`,
 * `timeout` and the like if Cognate could not be asked; `notAuthorized` if it does not know the
 * verifier's key.
 */
export async function verifyRequest(
  verifier: RequestVerifier,
  request: Request,
  options: VerifyRequestOptions = {},
): Promise<VerifiedRequest> {
  const { inner, service } = verifier;
  const address = options.address ?? request.headers.get('cf-connecting-ip') ?? '';
  const terms = JSON.stringify({ service, unsignedPayload: inner.unsignedPayload, address });
  const head = headOf(request, options.origin);
  await ready(inner.wasm);
  const { question } = told(glue.claim(head, terms, Date.now()));
  if (question === undefined) throw badResponse();
  // Where each request is an island, an answer that another one waits for may never come.
  const answer = await within(
    inner.cognate.timeoutMs,
    answerTo(inner, question),
    'The service did not answer in time',
  );
  const text = JSON.stringify(answer);
  const body = await bodyOf(request, inner);
  const { verified } = told(glue.verify(head, body, terms, text, Date.now()));
  const proof = JSON.stringify(verified);
  return {
    signer: signerOf(answer),
    allows(action, resource, context = {}) {
      const more = Object.entries(context).map(([key, values]) => [key, [values].flat()]);
      return glue.allows(proof, text, action, resource, JSON.stringify(Object.fromEntries(more)));
    },
  };
}

let loaded: Promise<void> | undefined;

/** Loads the kernel's word once; what failed may go better the next time. */
function ready(given: WebAssembly.Module | undefined): Promise<void> {
  loaded ??= (async () => {
    glue.initSync({ module: given ?? (await load()) });
  })().catch((cause: unknown) => {
    loaded = undefined;
    throw new CognateError('notSupported', 'requests.wasm could not be loaded', { cause });
  });
  return loaded;
}

/** What Cognate says of an access key, while it may be kept. */
function answerTo(inner: Inner, question: string): Promise<Answer> {
  const { known } = inner;
  const now = Date.now();
  const before = known.get(question);
  if (before && before.until > now) return before.answer;
  known.delete(question);
  for (const oldest of known.keys()) {
    if (known.size < KNOWN_MAX) break;
    known.delete(oldest);
  }
  const answer = ask(inner, question);
  const entry: Known = { answer, until: now + inner.cognate.timeoutMs };
  known.set(question, entry);
  const keep = (forMs: number): void => {
    entry.until = Date.now() + forMs;
  };
  answer.then(
    ({ MaxAge }) => keep(typeof MaxAge === 'number' ? MaxAge * 1000 : 0),
    (error: CognateError) => keep(error.code.startsWith('credentials') ? REFUSED_MS : 0),
  );
  return answer;
}

async function ask(inner: Inner, question: string): Promise<Answer> {
  const input = { VerifierKey: inner.verifierKey, ...(JSON.parse(question) as object) };
  try {
    return await callAt(inner.cognate, 'Cognate.GetSigningKey', input);
  } catch (error) {
    const { serviceError = '', message } = error as CognateError;
    const code = REFUSALS[serviceError];
    throw code ? new CognateError(code, message, { cause: error, serviceError }) : error;
  }
}

const REFUSALS: Readonly<Record<string, CognateErrorCode>> = {
  ExpiredTokenException: 'credentialsExpired',
  IncompleteSignatureException: 'signatureInvalid',
  InvalidSignatureException: 'signatureInvalid',
  MissingAuthenticationTokenException: 'signatureMissing',
  UnrecognizedClientException: 'credentialsUnknown',
};

interface Outcome {
  question?: string;
  verified?: object;
}

/** What the kernel said, unless it refused. */
function told(outcome: string): Outcome {
  const { refused, ...rest } = JSON.parse(outcome) as Outcome & {
    refused?: { error: string; message: string };
  };
  if (!refused) return rest;
  const { error, message } = refused;
  const code = REFUSALS[error] ?? 'badResponse';
  const isLate = code === 'signatureInvalid' && /^Signature (expired|not yet)/.test(message);
  throw new CognateError(isLate ? 'signatureExpired' : code, message, { serviceError: error });
}

/** Method, URL, and then the name and the value of each header, a line each. */
function headOf({ method, url, headers }: Request, origin: string | undefined): Uint8Array {
  const at = new URL(url);
  const sentTo = origin === undefined ? at : new URL(`${at.pathname}${at.search}`, origin);
  let head = `${method}\n${sentTo.href}`;
  headers.forEach((value, name) => {
    if (name !== 'host') head += `\n${name}\n${value}`;
  });
  return new TextEncoder().encode(`${head}\nhost\n${sentTo.host}`);
}

/** The body, unless its signature leaves it out. */
async function bodyOf(request: Request, { unsignedPayload, maxBodyBytes }: Inner): Promise<Uint8Array> {
  const isLeftOut = request.headers.get('x-amz-content-sha256') === 'UNSIGNED-PAYLOAD';
  if (request.body === null || (unsignedPayload && isLeftOut)) return new Uint8Array();
  if (Number(request.headers.get('content-length')) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.clone().body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBodyBytes) {
      // Not waited for: the other half of the body, which stays to be read, is not cancelled.
      reader.cancel().catch(() => {});
      throw tooLarge(maxBodyBytes);
    }
    chunks.push(value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function tooLarge(maxBodyBytes: number): CognateError {
  return new CognateError('bodyTooLarge', `The body is larger than ${maxBodyBytes} bytes`);
}
