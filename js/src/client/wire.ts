import { CognateError } from '../errors.js';
import { textOf } from '../text.js';
import { type Answer, badResponse, isObject } from './answer.js';
import type { Client } from './client.js';
import { refusal } from './refusal.js';

/** No answer of the service's is nearly as long. */
const CHARS_MAX = 1_000_000;

/** What every call takes. */
export interface CallOptions {
  /** Ends the call early, with the code `aborted`. */
  signal?: AbortSignal;
  /** Handed to the pool's triggers. */
  clientMetadata?: Record<string, string>;
}

/** Where calls go, and how. */
export interface Service {
  readonly endpoint: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
}

/** One of the operations of user pools, as AWS's JSON protocol 1.1 has it. */
export function call(
  client: Client,
  operation: string,
  input: Record<string, unknown>,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<Answer> {
  const { fetch, timeoutMs } = client.inner;
  const service = { endpoint: client.endpoint, fetch, timeoutMs };
  return callAt(service, `AWSCognitoIdentityProviderService.${operation}`, input, options);
}

/** An operation of any service that speaks so, by its target; the answer's headers go to `seen`. */
export async function callAt(
  service: Service,
  target: string,
  input: Record<string, unknown>,
  { signal, seen }: Pick<CallOptions, 'signal'> & { seen?: (headers: Headers) => void } = {},
): Promise<Answer> {
  // By hand, because AbortSignal.any is newer than the browsers that we run in.
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    cancel();
  }, service.timeoutMs);
  signal?.addEventListener('abort', cancel);
  try {
    if (signal?.aborted) throw signal.reason;
    const request = new Request(service.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body: JSON.stringify(input),
      // Nobody else is to be handed a password or a token.
      redirect: 'manual',
      signal: stop.signal,
    });
    const response = await service.fetch(request);
    seen?.(response.headers);
    return understood(response, await textOf(response, CHARS_MAX), input);
  } catch (cause) {
    if (cause instanceof CognateError) throw cause;
    if (signal?.aborted) throw new CognateError('aborted', 'The call was aborted', { cause });
    if (late) throw new CognateError('timeout', 'The service did not answer in time', { cause });
    throw new CognateError('network', 'The service could not be reached', { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function understood(
  response: Response,
  text: string | undefined,
  input: Record<string, unknown>,
): Answer {
  const answer = parsed(text ?? '');
  if (response.status !== 200) throw refusal(response, answer ?? {}, input);
  if (answer) return answer;
  // Many operations have nothing to say, and some servers then say nothing.
  if (text === '') return {};
  throw badResponse();
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
