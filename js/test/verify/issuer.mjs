// An issuer of tokens whose every word can be chosen.

import { generateKeyPairSync, sign } from 'node:crypto';

export const ISSUER = 'https://id.example.com/eu-west-1_AbCdEfGhI';
export const CLIENT_ID = '1example23456789example23456';

const MAKE = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};
MAKE.RS384 = MAKE.RS256;
MAKE.RS512 = MAKE.RS256;

export function makeKey(alg, kid) {
  const { privateKey, publicKey } = MAKE[alg]();
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

const base64url = (value) => Buffer.from(value).toString('base64url');
const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

/** Signs what it is given, whatever that is; texts are signed as they are written. */
export function mint(key, claims, header = { kid: key.kid, alg: key.alg }) {
  const signed = `${base64url(text(header))}.${base64url(text(claims))}`;
  return `${signed}.${signatureOf(key, signed)}`;
}

export function signatureOf({ alg, privateKey }, signed) {
  const digest = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
  return sign(digest, Buffer.from(signed), key).toString('base64url');
}

export const nowS = () => Math.floor(Date.now() / 1000);

/** The claims of an access token as Amazon Cognito writes them. */
export function accessClaims(more = {}) {
  return {
    sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    'cognito:groups': ['admins', 'readers'],
    iss: ISSUER,
    version: 2,
    client_id: CLIENT_ID,
    origin_jti: '11111111-2222-3333-4444-555555555555',
    event_id: '11111111-2222-3333-4444-666666666666',
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin openid',
    auth_time: nowS(),
    exp: nowS() + 3600,
    iat: nowS(),
    jti: '11111111-2222-3333-4444-777777777777',
    username: 'ann',
    ...more,
  };
}

/** The claims of an ID token as Amazon Cognito writes them. */
export function idClaims(more = {}) {
  const { client_id, scope, username, version, ...common } = accessClaims();
  return {
    ...common,
    token_use: 'id',
    aud: CLIENT_ID,
    'cognito:username': 'ann',
    email: 'ann@example.com',
    email_verified: true,
    ...more,
  };
}

/** A `fetch` that gives that document, and counts. */
export function publisher(jwks) {
  const publish = async (url) => {
    publish.calls.push(url);
    return publish.answer();
  };
  publish.calls = [];
  publish.jwks = jwks;
  publish.answer = () => Response.json(publish.jwks);
  return publish;
}
