// Does jose take our tokens, and none that were spoiled?

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';

import { document, keyOf, tokens } from './case.mjs';
import { all } from './forge.mjs';

const KEY_TYPES = { RS256: 'RSA', ES256: 'EC', EdDSA: 'OKP' };

for (const algorithm of ['RS256', 'ES256', 'EdDSA']) {
  describe(`tokens of a pool with ${algorithm}`, () => {
    let judged;
    let jwks;
    let keys;

    before(async () => {
      judged = await tokens(algorithm);
      jwks = await document(judged.jwksUri);
      keys = createRemoteJWKSet(new URL(judged.jwksUri));
    });

    test('are signed with that algorithm, by two keys that are published for it', async () => {
      assert.equal(jwks.keys.length, 2);
      assert.equal(new Set(jwks.keys.map((key) => key.kid)).size, 2);
      for (const key of jwks.keys) {
        assert.equal(key.kty, KEY_TYPES[algorithm]);
        assert.equal(key.alg, algorithm);
        assert.equal(key.use, 'sig');
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.ok(!(secret in key));
      }
      const kids = [judged.IdToken, judged.AccessToken].map((jwt) => {
        const { alg, kid, ...rest } = decodeProtectedHeader(jwt);
        assert.equal(alg, algorithm);
        assert.deepEqual(rest, {});
        return kid;
      });
      assert.notEqual(kids[0], kids[1]);
    });

    test('are taken', async () => {
      const { issuer, clientId, sub } = judged;
      const algorithms = [algorithm];
      const id = await jwtVerify(judged.IdToken, keys, { issuer, audience: clientId, algorithms });
      assert.equal(id.payload.sub, sub);
      assert.equal(id.payload.token_use, 'id');
      assert.deepEqual(id.payload['cognito:groups'].sort(), ['admins', 'readers']);
      const access = await jwtVerify(judged.AccessToken, keys, { issuer, algorithms });
      assert.equal(access.payload.client_id, clientId);
      assert.equal(access.payload.token_use, 'access');
    });

    test('are refused when they were spoiled', async () => {
      for (const jwt of [judged.IdToken, judged.AccessToken]) {
        await jwtVerify(jwt, keys);
        const key = keyOf(jwt, jwks);
        for (const [how, spoiled] of Object.entries(all(jwt, key))) {
          await assert.rejects(jwtVerify(spoiled, keys), { code: /^ERR_J/ }, how);
          await assert.rejects(jwtVerify(spoiled, await importJWK(key)), undefined, how);
        }
      }
    });

    test('are refused after their time, before it, and by others', async () => {
      const seconds = (count) => ({ currentDate: new Date(Date.now() + count * 1000) });
      await jwtVerify(judged.IdToken, keys, seconds(3500));
      const expired = { code: 'ERR_JWT_EXPIRED' };
      await assert.rejects(jwtVerify(judged.IdToken, keys, seconds(3601)), expired);
      await assert.rejects(jwtVerify(judged.AccessToken, keys, seconds(3601)), expired);
      const invalid = { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' };
      await assert.rejects(jwtVerify(judged.IdToken, keys, { audience: 'another' }), invalid);
      await assert.rejects(jwtVerify(judged.IdToken, keys, { issuer: 'https://a.example' }), invalid);
    });

    test('are refused by the keys of another pool', async () => {
      const other = await tokens(algorithm);
      const theirs = createRemoteJWKSet(new URL(other.jwksUri));
      await assert.rejects(jwtVerify(judged.IdToken, theirs), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
      const renamed = (await document(other.jwksUri)).keys.map((key, index) => ({
        ...key,
        kid: jwks.keys[index].kid,
      }));
      await assert.rejects(jwtVerify(judged.IdToken, createLocalJWKSet({ keys: renamed })), {
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      });
    });
  });
}
