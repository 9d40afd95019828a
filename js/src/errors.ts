/**
 * What can go wrong, in words to switch on. Codes are never renamed; new ones may come, so a
 * `switch` wants a `default`.
 */
export type CognateErrorCode =
  // The world
  | 'aborted'
  | 'network'
  | 'timeout'
  | 'server'
  | 'badResponse'
  | 'storage'
  | 'storeCorrupt'
  | 'storeFull'
  | 'storeInUse'
  // The caller
  | 'badOptions'
  | 'notSupported'
  // The session
  | 'notSignedIn'
  | 'sessionEnded'
  // The service refused; `serviceError` has AWS's name of the error
  | 'aliasExists'
  | 'challengeEnded'
  | 'codeDelivery'
  | 'codeMismatch'
  | 'expiredCode'
  | 'forbidden'
  | 'invalidParameter'
  | 'invalidPassword'
  | 'limitExceeded'
  | 'mfaMethodNotFound'
  | 'notAuthorized'
  | 'passwordResetRequired'
  | 'refused'
  | 'resourceNotFound'
  | 'tooManyRequests'
  | 'triggerRefused'
  | 'userNotConfirmed'
  | 'userNotFound'
  | 'usernameExists'
  // A token is not to be trusted
  | 'tokenMalformed'
  | 'tokenExpired'
  | 'tokenNotYetValid'
  | 'tokenSignatureInvalid'
  | 'tokenClaimInvalid'
  | 'keyNotFound'
  // A token is to be trusted, but is not enough
  | 'missingGroup'
  | 'missingScope';

/** What an error may carry beside code and message. */
export interface CognateErrorDetails {
  /** The underlying error. */
  cause?: unknown;
  /** AWS's name of the error, such as `CodeMismatchException`. */
  serviceError?: string;
  /** The HTTP status of the answer. */
  status?: number;
  /** After how many milliseconds the service said to try again. */
  retryAfterMs?: number;
  /** The part of a token that is not as it must be, such as `iss` or `alg`. */
  claim?: string;
  /** What stands there. */
  actual?: unknown;
  /** What should. */
  expected?: unknown;
}

/**
 * The one class of error that this package throws. Its message never has a password, a code, a
 * token or a key in it.
 *
 * @example
 * ```ts
 * try {
 *   await confirmSignUp(client, { username: 'ann', code });
 * } catch (error) {
 *   if (error instanceof CognateError && error.code === 'codeMismatch') askAgain();
 *   else throw error;
 * }
 * ```
 */
export class CognateError extends Error {
  override readonly name: string = 'CognateError';
  /** What went wrong: stable, to switch on. */
  readonly code: CognateErrorCode;
  /** AWS's name of the error, if the service answered with one. */
  readonly serviceError: string | undefined;
  /** The HTTP status, if the service answered. */
  readonly status: number | undefined;
  /** After how many milliseconds the service said to try again. */
  readonly retryAfterMs: number | undefined;
  /** The part of a token that is not as it must be, such as `iss` or `alg`. */
  readonly claim: string | undefined;
  /** What stands there; not for the eyes of whoever sent the token. */
  readonly actual: unknown;
  /** What should. */
  readonly expected: unknown;

  constructor(code: CognateErrorCode, message: string, details: CognateErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.serviceError = details.serviceError;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.claim = details.claim;
    this.actual = details.actual;
    this.expected = details.expected;
  }
}
