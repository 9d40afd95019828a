/** What a token says. Of the members that are not named here, `custom:` ones are always text. */
export interface Claims {
  readonly [name: string]: unknown;
  /** Whom the token is about: the user's id in the pool. */
  readonly sub?: string;
  /** Who issued it. */
  readonly iss?: string;
  /** When it was issued, in seconds since 1970. */
  readonly iat?: number;
  /** Until when it is valid, in seconds since 1970. */
  readonly exp?: number;
  /** What kind of token it is. */
  readonly token_use?: 'access' | 'id';
  /** The user's groups. */
  readonly 'cognito:groups'?: readonly string[];
  /** An access token's scopes, with spaces between. */
  readonly scope?: string;
}

/**
 * The groups that a token names; none if it names none.
 *
 * @example
 * ```ts
 * groups(session.idClaims); // ['admins', 'readers']
 * ```
 */
export function groups(claims: Claims): readonly string[] {
  const named: unknown = claims['cognito:groups'];
  return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : [];
}

/**
 * Whether a token names a group. Names are compared as they are written, as the service does.
 *
 * @example
 * ```ts
 * if (hasGroup(session.idClaims, 'admins')) showSettings();
 * ```
 */
export function hasGroup(claims: Claims, group: string): boolean {
  return groups(claims).includes(group);
}

/**
 * Whether an access token has a scope.
 *
 * @example
 * ```ts
 * hasScope(session.accessClaims, 'aws.cognito.signin.user.admin'); // true after signIn
 * ```
 */
export function hasScope(claims: Claims, scope: string): boolean {
  const named: unknown = claims.scope;
  return typeof named === 'string' && named.split(' ').includes(scope);
}
