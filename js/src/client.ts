/**
 * Signs users in to Cognate or Amazon Cognito, and keeps them signed in.
 *
 * Everything is a function that takes a {@link Client} first, so a bundle holds what is used and
 * nothing else. What it takes and gives is plain data.
 *
 * @example
 * ```ts
 * import { browserStorage, createClient, signIn } from 'cognate/client';
 *
 * const client = createClient({
 *   userPoolId: 'eu-west-1_AbCdEfGhI',
 *   clientId: '1h57kf5cpq17m0eml12EXAMPLE',
 *   storage: browserStorage('local'),
 * });
 * const next = await signIn(client, { username: 'ann', password: 'Passw0rd!' });
 * ```
 *
 * @module
 */
export { groups, hasGroup, hasScope } from './claims.js';
export type { Claims } from './claims.js';
export { createClient } from './client/client.js';
export type { Client, ClientOptions } from './client/client.js';
export type {
  Answers,
  Challenge,
  ChallengeState,
  CodeChannel,
  CodeChallenge,
  CustomChallenge,
  Factor,
  MfaMethod,
  NewPasswordChallenge,
  OtherChallenge,
  PasskeyChallenge,
  PasswordChallenge,
  SelectFactorChallenge,
  SelectMfaChallenge,
  SetUpMfaChallenge,
  SetUpTotpChallenge,
  SignedIn,
  SignInStep,
} from './client/challenge.js';
export {
  changePassword,
  confirmForgotPassword,
  forgotPassword,
} from './client/password.js';
export type { ConfirmForgotPasswordInput } from './client/password.js';
export {
  deletePasskey,
  listPasskeys,
  registerPasskey,
  usePasskey,
} from './client/passkey.js';
export type { Passkey, PasskeyOptions } from './client/passkey.js';
export type { Delivery } from './client/delivery.js';
export { forgetDevice, rememberDevice } from './client/device/remember.js';
export { followSignInLink, sendSignInLink } from './client/link.js';
export type { SignInLinkInput } from './client/link.js';
export { confirmTotp, setMfaPreference, setUpTotp } from './client/mfa.js';
export type { MfaPreference } from './client/mfa.js';
export { onChange } from './client/session.js';
export type { Session } from './client/session.js';
export { respond, signIn } from './client/sign_in.js';
export type { SignInInput } from './client/sign_in.js';
export { signOut } from './client/sign_out.js';
export type { SignOutOptions, SignOutResult } from './client/sign_out.js';
export { confirmSignUp, resendConfirmationCode, signUp } from './client/sign_up.js';
export type {
  ConfirmSignUpInput,
  Confirmed,
  SignedUp,
  SignUpInput,
} from './client/sign_up.js';
export { browserStorage } from './client/storage/browser.js';
export { cookieStorage } from './client/storage/cookie.js';
export type { CookieJar, CookieOptions } from './client/storage/cookie.js';
export { memoryStorage } from './client/storage/memory.js';
export type { TokenStorage } from './client/storage.js';
export { getSession } from './client/refresh.js';
export type { GetSessionOptions } from './client/refresh.js';
export {
  deleteUser,
  deleteUserAttributes,
  getUser,
  getUserAttributeVerificationCode,
  updateUserAttributes,
  verifyUserAttribute,
} from './client/user.js';
export type { User } from './client/user.js';
export type { CallOptions } from './client/wire.js';
export { CognateError } from './errors.js';
export type { CognateErrorCode, CognateErrorDetails } from './errors.js';
