// Do jose, aws-jwt-verify and we agree on which tokens are to be trusted?

import assert from 'node:assert/strict';
import { createHmac, sign } from 'node:crypto';
import { describe, test } from 'node:test';

import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { createVerifier } from 'cognate/verify';
import { createLocalJWKSet, jwtVerify } from 'jose';

import { all } from '../../tests/judges/forge.mjs';
import { CLIENT_ID, ISSUER, accessClaims, idClaims, makeKey, mint, nowS, signatureOf } from './verify/issuer.mjs';

const TAKEN = true;
const REFUSED = false;

const SECRET = 'a secret of thirty-two characters';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token whose signature anybody can make who knows the secret. */
function hmac(header, secret) {
  const signed = `${part(header)}.${part(accessClaims())}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A right signature, written as ASN.1 has it, which RFC 7518 does not; of RSA there is no such form. */
function derSignatureOf({ alg, privateKey }, signed) {
  if (alg !== 'ES256') return 'AAAA';
  return sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
}

/** Which of the three take it, in the order: we, jose, aws-jwt-verify. */
async function verdicts(jwt, jwks, tokenUse = 'access') {
  const shared = { issuer: ISSUER, clientId: CLIENT_ID, tokenUse };
  const ours = createVerifier({ ...shared, jwks, jwksUri: null });
  const jose = async () => {
    const audience = tokenUse === 'id' ? CLIENT_ID : undefined;
    const { payload } = await jwtVerify(jwt, createLocalJWKSet(jwks), { issuer: ISSUER, audience });
    // jose knows nothing of Cognito's own claims.
    assert.equal(payload.token_use, tokenUse);
    if (tokenUse === 'access') assert.equal(payload.client_id, CLIENT_ID);
  };
  const amazon = async () => {
    const verifier = JwtVerifier.create({
      issuer: ISSUER,
      audience: null,
      jwksUri: `${ISSUER}/.well-known/jwks.json`,
      customJwtCheck: ({ payload }) => validateCognitoJwtFields(payload, shared),
    });
    verifier.cacheJwks(jwks);
    verifier.verifySync(jwt);
  };
  const judges = [() => ours.verify(jwt), jose, amazon];
  return Promise.all(judges.map((judge) => judge().then(() => TAKEN, () => REFUSED)));
}

for (const alg of ['RS256', 'RS384', 'RS512', 'ES256', 'EdDSA']) {
  describe(alg, () => {
    const key = makeKey(alg, 'our key');
    const other = makeKey(alg === 'EdDSA' ? 'ES256' : 'EdDSA', 'a key of another kind');
    const symmetric = { kty: 'oct', kid: 'symmetric', use: 'sig', k: Buffer.from(SECRET).toString('base64url') };
    const jwks = { keys: [makeKey(alg, 'another key').jwk, key.jwk, other.jwk, symmetric] };
    const access = mint(key, accessClaims());
    const id = mint(key, idClaims());

    test('all take good tokens', async () => {
      assert.deepEqual(await verdicts(access, jwks), [TAKEN, TAKEN, TAKEN]);
      assert.deepEqual(await verdicts(id, jwks, 'id'), [TAKEN, TAKEN, TAKEN]);
    });

    test('nobody takes spoiled ones', async () => {
      // The forger has keys of three kinds.
      const spoiled = ['RS384', 'RS512'].includes(alg) ? {} : all(access, key.jwk);
      const [head, body, signature] = access.split('.');
      const header = { kid: key.kid, alg };
      Object.assign(spoiled, {
        'the wrong use': id,
        'another key of the same name': mint(makeKey(alg, key.kid), accessClaims()),
        'an unknown key': mint({ ...key, kid: 'stranger' }, accessClaims()),
        'no name of a key among several': mint(key, accessClaims(), { alg }),
        'a time that is over': mint(key, accessClaims({ exp: nowS() - 1 })),
        'a time that has not come': mint(key, accessClaims({ nbf: nowS() + 60 })),
        'a time that is a text': mint(key, accessClaims({ exp: `${nowS() + 60}` })),
        'another issuer': mint(key, accessClaims({ iss: 'https://evil.example.com/eu-west-1_AbCdEfGhI' })),
        'an issuer that begins alike': mint(key, accessClaims({ iss: `${ISSUER}x` })),
        'no issuer': mint(key, accessClaims({ iss: undefined })),
        'another client': mint(key, accessClaims({ client_id: 'another' })),
        'no use': mint(key, accessClaims({ token_use: undefined })),
        'no algorithm': mint(key, accessClaims(), { kid: key.kid }),
        'an algorithm in other letters': mint(key, accessClaims(), { ...header, alg: alg.toLowerCase() + ' ' }),
        'another hash': mint(key, accessClaims(), { ...header, alg: 'PS256' }),
        'claims that are no JSON': mint(key, '{"sub":'),
        'claims that are a list': mint(key, '[]'),
        'claims that are null': mint(key, 'null'),
        'a header that is no JSON': mint(key, accessClaims(), 'header'),
        'a header that is null': mint(key, accessClaims(), 'null'),
        'a signature of zeros': `${head}.${body}.${Buffer.alloc(alg === 'ES256' ? 64 : 256).toString('base64url')}`,
        'a signature in the other form of curves': `${head}.${body}.${derSignatureOf(key, `${head}.${body}`)}`,
        'a signature by a key of another kind': mint(other, accessClaims(), header),
        'the algorithm of a key of another kind': mint(key, accessClaims(), { kid: key.kid, alg: other.alg }),
        'the name of a key of another kind': mint(key, accessClaims(), { kid: other.kid, alg }),
        'the secret of a symmetric key that was published': hmac({ kid: 'symmetric', alg: 'HS256' }, SECRET),
        'an empty secret': hmac({ kid: key.kid, alg: 'HS256' }, ''),
        'none in other letters': `${part({ kid: key.kid, alg: 'nOnE' })}.${body}.`,
        'an empty signature': `${head}.${body}.`,
        'two parts': `${head}.${body}`,
        'four parts': `${access}.${signature}`,
        'no part': '',
        'a signature of something else': `${head}.${body}.${signatureOf(key, 'something else')}`,
        'half a signature': `${head}.${body}.${signature.slice(0, signature.length / 2)}`,
      });
      for (const [how, jwt] of Object.entries(spoiled)) {
        assert.deepEqual(await verdicts(jwt, jwks), [REFUSED, REFUSED, REFUSED], how);
      }
      assert.deepEqual(await verdicts(access, jwks, 'id'), [REFUSED, REFUSED, REFUSED]);
    });

    test('what the header brings along is not looked at', async () => {
      const forger = makeKey(alg, 'forger');
      const url = 'https://evil.example.com/jwks.json';
      const bait = { kid: key.kid, alg, jwk: forger.jwk, jku: url, x5u: url, x5c: ['AAAA'], x5t: 'AAAA' };
      assert.deepEqual(await verdicts(mint(key, accessClaims(), bait), jwks), [TAKEN, TAKEN, TAKEN]);
      const fake = mint(forger, accessClaims(), bait);
      assert.deepEqual(await verdicts(fake, jwks), [REFUSED, REFUSED, REFUSED]);
    });

    test('of claims of the same name the last counts, as in JSON.parse', async () => {
      const good = JSON.stringify(accessClaims());
      const last = (claim) => mint(key, `${good.slice(0, -1)},${claim}}`);
      assert.deepEqual(await verdicts(last(`"exp":1`), jwks), [REFUSED, REFUSED, REFUSED]);
      assert.deepEqual(await verdicts(last(`"token_use":"id"`), jwks), [REFUSED, REFUSED, REFUSED]);
      const first = mint(key, `{"exp":1,${good.slice(1)}`);
      assert.deepEqual(await verdicts(first, jwks), [TAKEN, TAKEN, TAKEN]);
    });
  });
}

for (const alg of ['RS256', 'ES256', 'EdDSA']) {
  test(`of many tokens at once by ${alg}, each is judged by itself`, async () => {
    const [key, stranger] = [makeKey(alg, 'our key'), makeKey(alg, 'our key')];
    const shared = { issuer: ISSUER, clientId: CLIENT_ID, tokenUse: 'access' };
    const verifier = createVerifier({ ...shared, jwks: { keys: [key.jwk] }, jwksUri: null });
    const signers = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? stranger : key));
    const jwts = signers.map((signer, n) => mint(signer, accessClaims({ jti: `${n}` })));
    const results = await Promise.allSettled(jwts.map((jwt) => verifier.verify(jwt)));
    const told = results.map(({ value, reason }) => value?.jti ?? reason.code);
    const wanted = signers.map((signer, n) => (signer === key ? `${n}` : 'tokenSignatureInvalid'));
    assert.deepEqual(told, wanted);
  });
}

describe('we are stricter', () => {
  const key = makeKey('RS256', 'our key');
  const jwks = { keys: [key.jwk] };

  test('than aws-jwt-verify about critical extensions', async () => {
    const header = { kid: key.kid, alg: 'RS256', crit: ['exp'], exp: 1 };
    const [ours, jose] = await verdicts(mint(key, accessClaims(), header), jwks);
    assert.deepEqual([ours, jose], [REFUSED, REFUSED]);
  });

  test('than both about tokens without an end', async () => {
    const [ours] = await verdicts(mint(key, accessClaims({ exp: undefined })), jwks);
    assert.equal(ours, REFUSED);
  });

  test('than both about tokens of enormous size', async () => {
    const jwt = mint(key, accessClaims({ 'custom:padding': 'x'.repeat(16_000) }));
    assert.deepEqual(await verdicts(jwt, jwks), [REFUSED, TAKEN, TAKEN]);
  });

  test('than others about bytes that are written in two ways', async () => {
    const jwt = mint(key, accessClaims());
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = digits.indexOf(jwt.at(-1));
    const twin = jwt.slice(0, -1) + digits[last ^ 1];
    const bytes = (token) => Buffer.from(token.split('.')[2], 'base64url');
    assert.deepEqual(bytes(twin), bytes(jwt));
    const [ours] = await verdicts(twin, jwks);
    assert.equal(ours, REFUSED);
    for (const other of [`${jwt}=`, `${jwt}==`, ` ${jwt}`, `${jwt}\n`]) {
      assert.equal((await verdicts(other, jwks))[0], REFUSED);
    }
  });

  test('than aws-jwt-verify about short keys', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const short = { alg: 'RS256', kid: 'short', privateKey };
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256', use: 'sig' };
    const [ours, jose] = await verdicts(mint(short, accessClaims()), { keys: [jwk] });
    assert.deepEqual([ours, jose], [REFUSED, REFUSED]);
  });
});
