// Is a token to be trusted? All checks of one kind of token, made once.

import { CognateError } from '../errors.js';
import {
  type Claims,
  type Demands,
  type Expected,
  type TokenUse,
  check,
  demand,
  listOf,
} from './claims.js';
import { type KeyOptions, Keys } from './keys.js';
import { parse } from './token.js';

/** Who issues the tokens: one of the two. */
export type Issuers =
  | {
      /** The issuer as the tokens name it (`iss`), for Cognate: its URL, then `/{user pool id}`. */
      issuer: string | readonly string[];
      /** Only with pools of Amazon Cognito. */
      userPoolId?: undefined;
    }
  | {
      /** The id of a user pool of Amazon Cognito; both forms of its issuer are taken. */
      userPoolId: string | readonly string[];
      /** Only with other issuers. */
      issuer?: undefined;
    };

/** Which tokens to trust. Checks that could be left out unawares have to be skipped in so many words. */
export type VerifierOptions<Use extends TokenUse | null = TokenUse | null> = Issuers &
  KeyOptions &
  Demands & {
    /** The app client, or several of them; `null` takes tokens of any client of the pool. */
    clientId: string | readonly string[] | null;
    /** What the token is for; `null` takes both ID and access tokens. */
    tokenUse: Use;
    /** For which resource an access token must be; by default that is not looked at. */
    audience?: string | readonly string[];
    /** How far the clocks of issuer and verifier may differ; by default not at all. */
    clockToleranceS?: number;
  };

/** Verifies tokens; make one and keep it, for it remembers the issuer's keys. */
export interface Verifier<Use extends TokenUse | null = TokenUse | null> {
  /**
   * The claims of a token, once its signature and all of them are what they must be.
   *
   * @throws CognateError `tokenMalformed`, `tokenSignatureInvalid`, `keyNotFound`, `tokenExpired`,
   * `tokenNotYetValid`, `tokenClaimInvalid`, `missingGroup` or `missingScope` if the token is not to
   * be trusted or not enough; `network`, `timeout`, `badResponse` or `notSupported` if that can't be
   * said because the keys are not to be had.
   */
  verify(token: string, demands?: Demands): Promise<Claims<Use>>;
  /** Fetches the keys in advance, so that the first token does not wait for them. */
  prefetch(): Promise<void>;
}

/**
 * Makes a verifier of ID or access tokens, of Cognate or of Amazon Cognito.
 *
 * @example
 * ```ts
 * const verifier = createVerifier({
 *   issuer: 'https://id.example.com/eu-west-1_AbCdEfGhI',
 *   clientId: '1example23456789example23456',
 *   tokenUse: 'access',
 * });
 * const claims = await verifier.verify(token, { groups: 'admins' });
 * console.log(claims.username);
 * ```
 */
export function createVerifier<const Use extends TokenUse | null>(
  options: VerifierOptions<Use>,
): Verifier<Use> {
  const expected = expectedOf(options);
  const { groups, scopes } = options;
  const sources = sourcesOf(options);
  return {
    async verify(token, demands) {
      const { kid, alg, claims, signed, signature } = parse(token);
      const keys = sources.get(claims.iss);
      if (!keys) {
        throw new CognateError('tokenClaimInvalid', 'The token is of another issuer.', {
          claim: 'iss',
          actual: claims.iss,
          expected: [...sources.keys()],
        });
      }
      const found = keys.find(kid, alg);
      const isSignature = 'then' in found ? await found : found;
      const verdict = isSignature(signature, signed);
      if (!(typeof verdict === 'boolean' ? verdict : await verdict)) {
        const message = "The token was not signed by the issuer's key.";
        throw new CognateError('tokenSignatureInvalid', message);
      }
      check(claims, expected);
      demand(claims, { groups, scopes });
      if (demands) demand(claims, demands);
      return claims as unknown as Claims<Use>;
    },
    async prefetch() {
      await Promise.all(Array.from(new Set(sources.values()), (keys) => keys.fetch()));
    },
  };
}

function expectedOf(options: VerifierOptions): Expected {
  const { audience, clientId, clockToleranceS = 0, tokenUse } = options;
  // For those who write JavaScript.
  if (clientId === undefined) throw wrong('clientId is missing; null takes any client.');
  if (tokenUse !== 'id' && tokenUse !== 'access' && tokenUse !== null) {
    throw wrong("tokenUse is none of 'id', 'access' and null.");
  }
  if (!(clockToleranceS >= 0 && clockToleranceS < Infinity)) {
    throw wrong('clockToleranceS is no number of seconds.');
  }
  const clientIds = clientId === null ? null : texts('clientId', clientId);
  const audiences = audience === undefined ? null : texts('audience', audience);
  return { tokenUse, clientIds, audiences, clockToleranceS };
}

/** The keys by the issuers' names. */
function sourcesOf(options: VerifierOptions): Map<unknown, Keys> {
  const { issuer, jwks, jwksUri, userPoolId } = options;
  const isOfCognito = issuer === undefined;
  const names = isOfCognito ? texts('userPoolId', userPoolId) : texts('issuer', issuer);
  if (names.length > 1 && (jwks || jwksUri !== undefined)) {
    // Otherwise the key of one issuer could sign for another.
    throw wrong('jwks and jwksUri go with a single issuer; make a verifier for each.');
  }
  if (jwksUri === null && !jwks) throw wrong('Without jwks and jwksUri there are no keys.');
  const sources = new Map<unknown, Keys>();
  for (const name of names) {
    const forms = isOfCognito ? formsOf(name) : [name];
    const uri = jwksUri === undefined ? `${forms[0]}/.well-known/jwks.json` : jwksUri;
    const keys = new Keys(uri, options);
    for (const form of forms) sources.set(form, keys);
  }
  return sources;
}

/** Both issuers that a pool of Amazon Cognito may name; they publish the same keys. */
function formsOf(userPoolId: string): string[] {
  const region = /^([a-z]{2,4}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]+$/.exec(userPoolId)?.[1];
  if (!region) throw wrong('userPoolId is no id of a user pool, such as eu-west-1_AbCdEfGhI.');
  const form = (host: string) => `https://${host}.${region}.amazonaws.com/${userPoolId}`;
  return [form('cognito-idp'), form('issuer-cognito-idp')];
}

function texts(name: string, values: string | readonly string[]): readonly string[] {
  const list = values ? listOf(values) : [];
  if (list.length === 0 || !list.every((value) => typeof value === 'string' && value !== '')) {
    throw wrong(`${name} is missing.`);
  }
  return list;
}

function wrong(message: string): CognateError {
  return new CognateError('badOptions', message);
}
