// What do proven claims say, and is it what was asked for?

import { CognateError, type CognateErrorCode } from '../errors.js';

/** What a token is for. */
export type TokenUse = 'id' | 'access';

/** What ID and access tokens have in common. */
export interface CommonClaims {
  /** The user's id, which never changes; with client credentials it is the client's. */
  sub: string;
  /** The issuer: a URL that ends in the id of the user pool. */
  iss: string;
  /** Seconds since 1970 after which the token is void. */
  exp: number;
  /** Seconds since 1970 at which the token was issued. */
  iat: number;
  /** Seconds since 1970 at which the user signed in. */
  auth_time?: number;
  /** The token's own id. */
  jti?: string;
  /** The id that all tokens of one sign-in share; it is what `RevokeToken` revokes. */
  origin_jti?: string;
  /** The id of the sign-in. */
  event_id?: string;
  /** The user's groups. */
  'cognito:groups'?: string[];
  [claim: string]: unknown;
}

/** An ID token says who somebody is. */
export interface IdClaims extends CommonClaims {
  /** What the token is for. */
  token_use: 'id';
  /** The app client. */
  aud: string;
  /** The user's name in the pool. */
  'cognito:username': string;
  /** The roles of the user's groups. */
  'cognito:roles'?: string[];
  /** The role of the group that comes first. */
  'cognito:preferred_role'?: string;
  /** As far as the app client may read it, as all attributes. */
  email?: string;
  /** Whether the user has proven to receive mail there. */
  email_verified?: boolean;
  /** With `+` and the country's number. */
  phone_number?: string;
  /** Whether the user has proven to receive messages there. */
  phone_number_verified?: boolean;
  /** What the application gave when it asked for the token by OpenID Connect. */
  nonce?: string;
}

/** An access token says what somebody may do. */
export interface AccessClaims extends CommonClaims {
  /** What the token is for. */
  token_use: 'access';
  /** The app client. */
  client_id: string;
  /** What the token is good for, parted by spaces. */
  scope: string;
  /** The user's name in the pool; not there with client credentials. */
  username?: string;
  /** For which resource; only with resource binding. */
  aud?: string | string[];
  /** Of the token's form. */
  version?: number;
}

/** The claims of a token for that use. */
export type Claims<Use extends TokenUse | null = null> = Use extends 'id'
  ? IdClaims
  : Use extends 'access'
    ? AccessClaims
    : IdClaims | AccessClaims;

/** What somebody must be or have, beside a token that is to be trusted. */
export interface Demands {
  /** At least one of these groups. */
  groups?: string | readonly string[];
  /** Each of these scopes. */
  scopes?: string | readonly string[];
}

/** What every token must say. */
export interface Expected {
  tokenUse: TokenUse | null;
  clientIds: readonly string[] | null;
  audiences: readonly string[] | null;
  clockToleranceS: number;
}

/** Throws for the first claim that is not as it must be. */
export function check(claims: Record<string, unknown>, expected: Expected): void {
  checkTime(claims, expected.clockToleranceS);
  const { token_use, client_id, aud } = claims;
  const uses = expected.tokenUse === null ? ['id', 'access'] : [expected.tokenUse];
  oneOf('token_use', token_use, uses);
  if (expected.clientIds !== null) {
    if (token_use === 'id') oneOf('aud', aud, expected.clientIds);
    else oneOf('client_id', client_id, expected.clientIds);
  }
  if (expected.audiences !== null) oneOf('aud', aud, expected.audiences);
}

function checkTime({ exp, nbf }: Record<string, unknown>, clockToleranceS: number): void {
  const now = Date.now() / 1000;
  if (typeof exp !== 'number' || !(nbf === undefined || typeof nbf === 'number')) {
    throw new CognateError('tokenClaimInvalid', 'The token does not say until when it is good.', {
      claim: typeof exp === 'number' ? 'nbf' : 'exp',
      expected: 'a number',
    });
  }
  // Written so that what compares to nothing is refused, too.
  if (!(now < exp + clockToleranceS)) {
    throw refused('tokenExpired', 'The token has expired.', 'exp', exp, now);
  }
  if (nbf !== undefined && !(now >= nbf - clockToleranceS)) {
    throw refused('tokenNotYetValid', 'The token is not good yet.', 'nbf', nbf, now);
  }
}

/** Throws unless all demands are met. */
export function demand(claims: Record<string, unknown>, { groups, scopes }: Demands): void {
  if (groups !== undefined) {
    const wanted = listOf(groups);
    const actual = claims['cognito:groups'];
    if (!(Array.isArray(actual) && wanted.some((group) => actual.includes(group)))) {
      const message = 'The user is in none of the groups that are asked for.';
      throw refused('missingGroup', message, 'cognito:groups', actual, wanted);
    }
  }
  if (scopes !== undefined) {
    const wanted = listOf(scopes);
    const actual = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
    if (!wanted.every((scope) => actual.includes(scope))) {
      const message = 'The token lacks a scope that is asked for.';
      throw refused('missingScope', message, 'scope', claims.scope, wanted);
    }
  }
}

export function oneOf(claim: string, actual: unknown, expected: readonly string[]): void {
  const isExpected = (value: unknown) => expected.includes(value as string);
  if (!(claim === 'aud' && Array.isArray(actual) ? actual.some(isExpected) : isExpected(actual))) {
    const message = `The claim ${claim} of the token is not as it must be.`;
    throw refused('tokenClaimInvalid', message, claim, actual, expected);
  }
}

export function listOf(values: string | readonly string[]): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}

function refused(
  code: CognateErrorCode,
  message: string,
  claim: string,
  actual: unknown,
  expected: unknown,
): CognateError {
  return new CognateError(code, message, { claim, actual, expected });
}
