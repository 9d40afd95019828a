import { CognateError, type CognateErrorCode, type CognateErrorDetails } from '../errors.js';

const MESSAGE_CHARS_MAX = 300;

/** Codes of errors that are called as AWS calls them: `AliasExistsException` and so on. */
const NAMED: readonly CognateErrorCode[] = [
  'aliasExists',
  'codeMismatch',
  'expiredCode',
  'forbidden',
  'invalidParameter',
  'invalidPassword',
  'limitExceeded',
  'notAuthorized',
  'passwordResetRequired',
  'resourceNotFound',
  'tooManyRequests',
  'userNotConfirmed',
  'userNotFound',
  'usernameExists',
];

/** Those of the others. */
const RENAMED: readonly [RegExp, CognateErrorCode][] = [
  [/^CodeDelivery/, 'codeDelivery'],
  [/^EnableSoftware/, 'codeMismatch'],
  [/^InternalError/, 'server'],
  [/^PasswordHistory/, 'invalidPassword'],
  [/^TooManyFailed/, 'limitExceeded'],
  [/Lambda/, 'triggerRefused'],
  [/MFA(Method)?NotFound/, 'mfaMethodNotFound'],
];

function codeOf(serviceError: string): CognateErrorCode | undefined {
  const named = NAMED.find((code) => serviceError.toLowerCase() === `${code}exception`.toLowerCase());
  return named ?? RENAMED.find(([pattern]) => pattern.test(serviceError))?.[1];
}

/** Members of requests that are no secret, so that a message may quote them. */
const PUBLIC = /^(Analytics|Auth|Challenge|Client(Id|Metadata)|CustomRoleArn|Identity|Name$|DeliveryMedium|AttributeName)/;

/** The error that an answer other than 200 means. */
export function refusal(
  response: Response,
  answer: Record<string, unknown>,
  input: Record<string, unknown>,
): CognateError {
  const { status, headers } = response;
  const details = { status, retryAfterMs: retryAfterMs(headers.get('retry-after')) };
  const named = answer['__type'] ?? headers.get('x-amzn-errortype');
  // Some write a namespace before `#`, some a URL after `:`.
  const serviceError = typeof named === 'string' ? /(\w+)(:|$)/.exec(named)?.[1] : undefined;
  if (serviceError === undefined) return unnamed(details);
  const said = answer['message'] ?? answer['Message'];
  const message = typeof said === 'string' && said !== '' ? said : serviceError;
  const quotes = secretsIn(input).some((secret) => message.includes(secret));
  return new CognateError(
    message.startsWith('Invalid session for the user')
      ? 'challengeEnded'
      : (codeOf(serviceError) ??
          (status >= 500 ? 'server' : status === 429 ? 'tooManyRequests' : 'refused')),
    quotes ? serviceError : message.slice(0, MESSAGE_CHARS_MAX),
    { ...details, serviceError },
  );
}

function unnamed(details: CognateErrorDetails & { status: number }): CognateError {
  const { status } = details;
  if (status === 429) return new CognateError('tooManyRequests', 'Too many requests', details);
  return status >= 500
    ? new CognateError('server', `The service failed with HTTP ${status}`, details)
    : new CognateError('badResponse', `The service answered with HTTP ${status}`, details);
}

function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}

/** The texts of a request that a message must not repeat. */
function secretsIn(input: object): string[] {
  return Object.entries(input).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return secretsIn(value);
    return typeof value === 'string' && value.length > 3 && !PUBLIC.test(name) ? [value] : [];
  });
}
