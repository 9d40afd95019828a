// Does aws-jwt-verify take our tokens, and none that were spoiled?

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

import { document, keyOf, tokens } from './case.mjs';
import { all } from './forge.mjs';

// Its own fetcher speaks HTTPS only.
const fetcher = {
  fetch: async (uri) => (await fetch(uri)).arrayBuffer(),
};

/** As `CognitoJwtVerifier` checks, but for the issuer, which is AWS's own there. */
function verifier(judged, expected, options = {}) {
  return JwtVerifier.create(
    {
      issuer: judged.issuer,
      audience: null,
      jwksUri: judged.jwksUri,
      customJwtCheck: ({ payload }) =>
        validateCognitoJwtFields(payload, { clientId: judged.clientId, ...expected }),
      ...options,
    },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
}

for (const algorithm of [undefined, 'RS256', 'ES256', 'EdDSA']) {
  describe(`tokens of a pool with ${algorithm ?? 'no algorithm chosen'}`, () => {
    let judged;
    let jwks;

    before(async () => {
      judged = await tokens(algorithm);
      jwks = await document(judged.jwksUri);
    });

    test('are taken from the published keys', async () => {
      const id = await verifier(judged, { tokenUse: 'id' }).verify(judged.IdToken);
      assert.equal(id.sub, judged.sub);
      assert.deepEqual(id['cognito:groups'].sort(), ['admins', 'readers']);
      const access = await verifier(judged, { tokenUse: 'access' }).verify(judged.AccessToken);
      assert.equal(access.username, judged.username);
      const groups = ['readers', 'somebody-else'];
      await verifier(judged, { tokenUse: 'id', groups }).verify(judged.IdToken);
      await verifier(judged, { tokenUse: 'access', groups }).verify(judged.AccessToken);
    });

    test('are taken from keys that were fetched before', async () => {
      const one = verifier(judged, { tokenUse: null });
      one.cacheJwks(jwks);
      assert.equal(one.verifySync(judged.IdToken).sub, judged.sub);
      assert.equal(one.verifySync(judged.AccessToken).sub, judged.sub);
    });

    test('are refused when they were spoiled', async () => {
      for (const jwt of [judged.IdToken, judged.AccessToken]) {
        const one = verifier(judged, { tokenUse: null });
        await one.verify(jwt);
        for (const [how, spoiled] of Object.entries(all(jwt, keyOf(jwt, jwks)))) {
          assert.notEqual(spoiled, jwt);
          await assert.rejects(one.verify(spoiled), undefined, how);
        }
      }
    });
  });
}

describe('a verifier', () => {
  let judged;
  let other;

  before(async () => {
    [judged, other] = [await tokens(), await tokens()];
  });

  test('refuses the wrong kind of token', async () => {
    const [id, access] = [{ tokenUse: 'id' }, { tokenUse: 'access' }];
    const name = 'CognitoJwtInvalidTokenUseError';
    await assert.rejects(verifier(judged, id).verify(judged.AccessToken), fault(name));
    await assert.rejects(verifier(judged, access).verify(judged.IdToken), fault(name));
  });

  test('refuses the token of another client', async () => {
    const expected = { tokenUse: null, clientId: other.clientId };
    for (const jwt of [judged.IdToken, judged.AccessToken]) {
      const name = 'CognitoJwtInvalidClientIdError';
      await assert.rejects(verifier(judged, expected).verify(jwt), fault(name));
    }
  });

  test('refuses a user who is in none of the groups', async () => {
    const expected = { tokenUse: null, groups: ['owners'] };
    for (const jwt of [judged.IdToken, judged.AccessToken]) {
      const name = 'CognitoJwtInvalidGroupError';
      await assert.rejects(verifier(judged, expected).verify(jwt), fault(name));
    }
  });

  test('refuses the token of another pool, and its key', async () => {
    const any = { tokenUse: null, clientId: null };
    const elsewhere = verifier(other, any);
    await assert.rejects(elsewhere.verify(judged.IdToken), fault('KidNotFoundInJwksError'));
    const theirs = await document(other.jwksUri);
    const ours = await document(judged.jwksUri);
    const renamed = {
      keys: theirs.keys.map((key, index) => ({ ...key, kid: ours.keys[index].kid })),
    };
    const deceived = verifier(judged, any);
    deceived.cacheJwks(renamed);
    await assert.rejects(deceived.verify(judged.IdToken), fault('JwtInvalidSignatureError'));
    const mixed = verifier(judged, any, { issuer: other.issuer });
    await assert.rejects(mixed.verify(judged.IdToken), fault('JwtInvalidIssuerError'));
  });

  test('refuses a token whose time is over', async (t) => {
    const one = verifier(judged, { tokenUse: null });
    await one.verify(judged.IdToken);
    const later = Date.now() + 3_601_000;
    t.mock.method(Date, 'now', () => later);
    for (const jwt of [judged.IdToken, judged.AccessToken]) {
      await assert.rejects(one.verify(jwt), fault('JwtExpiredError'));
    }
  });
});

function fault(name) {
  return (error) => {
    assert.equal(error.constructor.name, name, error.message);
    return true;
  };
}
