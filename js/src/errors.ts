/**
 * What can go wrong, in words to switch on. Codes are never renamed; new ones may come, so a
 * `switch` wants a `default`.
 */
export type CognateErrorCode =
  // The world
  /** The call was ended by its `signal`. */
  | 'aborted'
  /** The service, or the issuer of keys, cannot be reached. */
  | 'network'
  /** It did not answer in time. */
  | 'timeout'
  /** The service failed; it may go better another time. */
  | 'server'
  /** The answer is not one that the service would give: somebody else answered. */
  | 'badResponse'
  /** The session, or what a kernel keeps, could not be read or not be stored. */
  | 'storage'
  /** What a kernel keeps was spoiled: something of it would be lost. */
  | 'storeCorrupt'
  /** There is no room left for what a kernel keeps. Nothing was half kept. */
  | 'storeFull'
  /** Somebody else has the kernel's store open. */
  | 'storeInUse'
  // The caller
  /** The options cannot be meant; thrown where they are given. */
  | 'badOptions'
  /** The platform lacks what it takes. */
  | 'notSupported'
  /** The browser gave no passkey: the user declined, took too long, or has none. */
  | 'noPasskey'
  // The session
  /** Nobody is signed in. */
  | 'notSignedIn'
  /** Somebody was signed in, but the service no longer takes the refresh token. Told once. */
  | 'sessionEnded'
  // The service refused; `serviceError` has AWS's name of the error
  /** Another user has that address or number. */
  | 'aliasExists'
  /** The challenge took too long or was answered already: sign in anew. */
  | 'challengeEnded'
  /** The code could not be sent. */
  | 'codeDelivery'
  /** The code is wrong. */
  | 'codeMismatch'
  /** The code has expired: ask for another. */
  | 'expiredCode'
  /** A firewall before the service refused. */
  | 'forbidden'
  /** The service does not take what was sent, or not from this app client. */
  | 'invalidParameter'
  /** The new password does not meet the pool's policy. */
  | 'invalidPassword'
  /** Too many attempts; try again later. */
  | 'limitExceeded'
  /** The user has no such second factor, or the pool does not offer it. */
  | 'mfaMethodNotFound'
  /** Wrong password, or not allowed. */
  | 'notAuthorized'
  /** The password has to be reset first: `forgotPassword`. */
  | 'passwordResetRequired'
  /** Any other error of the service's. */
  | 'refused'
  /** There is no such pool, app client or thing. */
  | 'resourceNotFound'
  /** Too many requests; `retryAfterMs` may say until when. */
  | 'tooManyRequests'
  /** One of the pool's triggers refused, or failed. */
  | 'triggerRefused'
  /** The user has to confirm the sign-up first. */
  | 'userNotConfirmed'
  /** There is no such user, in pools that tell. */
  | 'userNotFound'
  /** The name is taken. */
  | 'usernameExists'
  // A token is not to be trusted
  /** It is no token. */
  | 'tokenMalformed'
  /** Its time is over. */
  | 'tokenExpired'
  /** Its time has not come. */
  | 'tokenNotYetValid'
  /** It was not signed by the issuer's key, or not by an algorithm that is taken. */
  | 'tokenSignatureInvalid'
  /** A claim is not as it must be; `claim`, `actual` and `expected` say which. */
  | 'tokenClaimInvalid'
  /** The issuer has no key of the name in the token. */
  | 'keyNotFound'
  // A token is to be trusted, but is not enough
  /** The user is in none of the groups that are asked for. */
  | 'missingGroup'
  /** The token lacks a scope that is asked for. */
  | 'missingScope'
  // A signed request is not to be trusted, or not enough
  /** It is not signed. */
  | 'signatureMissing'
  /** It was not signed so by who it says, or not for this service. */
  | 'signatureInvalid'
  /** It was signed too long ago, or by a clock that is wrong. */
  | 'signatureExpired'
  /** Nobody has such credentials, or no longer. */
  | 'credentialsUnknown'
  /** The time of the credentials is over. */
  | 'credentialsExpired'
  /** The body is larger than is taken. */
  | 'bodyTooLarge'
  /** The policies of the role do not allow it. */
  | 'accessDenied';

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
  /** Of what class it is, where classes were renamed. */
  override readonly name: string = 'CognateError';
  /** What went wrong: stable, to switch on. */
  declare readonly code: CognateErrorCode;
  /** AWS's name of the error, if the service answered with one. */
  declare readonly serviceError: string | undefined;
  /** The HTTP status, if the service answered. */
  declare readonly status: number | undefined;
  /** After how many milliseconds the service said to try again. */
  declare readonly retryAfterMs: number | undefined;
  /** The part of a token that is not as it must be, such as `iss` or `alg`. */
  declare readonly claim: string | undefined;
  /** What stands there; not for the eyes of whoever sent the token. */
  declare readonly actual: unknown;
  /** What should. */
  declare readonly expected: unknown;

  /** Makes one; applications rarely do, but for tests. */
  constructor(code: CognateErrorCode, message: string, details: CognateErrorDetails = {}) {
    const { cause, ...more } = details;
    super(message, 'cause' in details ? { cause } : undefined);
    Object.assign(this, { code, ...more });
  }
}
