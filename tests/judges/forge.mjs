// Tokens that nobody may take, made out of a good one.

import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));

/** The same token with one bit of that part (0, 1 or 2) flipped. */
export function flipped(jwt, part) {
  const parts = jwt.split('.');
  const bytes = Buffer.from(parts[part], 'base64url');
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

/** Says that it is not signed. */
export function unsigned(jwt) {
  const [head, body] = jwt.split('.');
  return `${encode({ ...decode(head), alg: 'none' })}.${body}.`;
}

/** Signed by HMAC with the public key as the secret, in that form of the key. */
export function publicKeyAsSecret(jwt, jwk, form) {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const secret = form === 'jwk' ? JSON.stringify(jwk) : key.export({ type: 'spki', format: form });
  const [head, body] = jwt.split('.');
  const input = `${encode({ ...decode(head), alg: 'HS256' })}.${body}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** Signed by a key of the forger's, under the name of the pool's key. */
export function foreignKey(jwt) {
  return signedByForger(jwt, {});
}

/** Signed by a key of the forger's, which the header brings along. */
export function embeddedKey(jwt) {
  const { publicKey } = forger(decode(jwt.split('.')[0]).alg);
  return signedByForger(jwt, { jwk: publicKey.export({ format: 'jwk' }) });
}

/** With other claims under the old signature. */
export function otherClaims(jwt, claims) {
  const [head, body, signature] = jwt.split('.');
  return `${head}.${encode({ ...decode(body), ...claims })}.${signature}`;
}

/** All of the above, by name. */
export function all(jwt, jwk) {
  return {
    'a flipped bit in the header': flipped(jwt, 0),
    'a flipped bit in the claims': flipped(jwt, 1),
    'a flipped bit in the signature': flipped(jwt, 2),
    'no signature at all': `${jwt.split('.').slice(0, 2).join('.')}.`,
    'alg none': unsigned(jwt),
    'HS256 with the public key (PEM) as the secret': publicKeyAsSecret(jwt, jwk, 'pem'),
    'HS256 with the public key (DER) as the secret': publicKeyAsSecret(jwt, jwk, 'der'),
    'HS256 with the public key (JWK) as the secret': publicKeyAsSecret(jwt, jwk, 'jwk'),
    'a key of the forger': foreignKey(jwt),
    'a key of the forger in the header': embeddedKey(jwt),
    'other claims under the old signature': otherClaims(jwt, { sub: 'root' }),
    'a longer life under the old signature': otherClaims(jwt, { exp: 9_999_999_999 }),
  };
}

const forgers = new Map();

function forger(alg) {
  if (!forgers.has(alg)) {
    const pair = {
      RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      EdDSA: () => generateKeyPairSync('ed25519'),
    };
    forgers.set(alg, pair[alg]());
  }
  return forgers.get(alg);
}

function signedByForger(jwt, more) {
  const [head, body] = jwt.split('.');
  const fields = decode(head);
  const input = `${encode({ ...fields, ...more })}.${body}`;
  const key = { key: forger(fields.alg).privateKey, dsaEncoding: 'ieee-p1363' };
  const digest = fields.alg === 'EdDSA' ? null : 'sha256';
  return `${input}.${sign(digest, Buffer.from(input), key).toString('base64url')}`;
}
