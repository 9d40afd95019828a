import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { CognateError, createVerifier } from 'cognate/verify';

import { CLIENT_ID, ISSUER, accessClaims, idClaims, makeKey, mint, nowS, publisher } from './verify/issuer.mjs';

const key = makeKey('ES256', 'our key');
const jwks = { keys: [key.jwk] };
const access = mint(key, accessClaims());
const id = mint(key, idClaims());
const known = { issuer: ISSUER, clientId: CLIENT_ID, tokenUse: 'access', jwks, jwksUri: null };

const fault = (code, more = {}) => (error) => {
  assert.ok(error instanceof CognateError, String(error));
  const { actual, claim, expected } = error;
  const seen = Object.fromEntries(Object.entries({ claim, actual, expected }).filter(([name]) => name in more));
  assert.deepEqual({ code: error.code, ...seen }, { code, ...more });
  return true;
};

describe('claims', () => {
  test('come back typed and whole', async () => {
    assert.deepEqual(await createVerifier(known).verify(access), accessClaims());
    assert.deepEqual(await createVerifier({ ...known, tokenUse: 'id' }).verify(id), idClaims());
  });

  test('that are not as asked for are told with what was seen and expected', async () => {
    const verify = (options, jwt = access) => createVerifier({ ...known, ...options }).verify(jwt);
    const invalid = (claim, actual, expected) => fault('tokenClaimInvalid', { claim, actual, expected });
    await assert.rejects(verify({ tokenUse: 'id' }), invalid('token_use', 'access', ['id']));
    await assert.rejects(verify({ clientId: ['a', 'b'] }), invalid('client_id', CLIENT_ID, ['a', 'b']));
    await assert.rejects(verify({ tokenUse: 'id', clientId: 'a' }, id), invalid('aud', CLIENT_ID, ['a']));
    await assert.rejects(verify({ issuer: 'https://a.example' }), invalid('iss', ISSUER, ['https://a.example']));
    await assert.rejects(verify({ audience: 'https://api' }), invalid('aud', undefined, ['https://api']));
  });

  test('may be skipped, but only in so many words', async () => {
    const any = createVerifier({ ...known, clientId: null, tokenUse: null });
    await any.verify(access);
    await any.verify(id);
    for (const name of ['clientId', 'tokenUse', 'issuer']) {
      assert.throws(() => createVerifier({ ...known, [name]: undefined }), fault('badOptions'), name);
    }
    for (const nothing of ['', []]) {
      assert.throws(() => createVerifier({ ...known, clientId: nothing }), fault('badOptions'));
    }
  });

  test('bind an access token to a resource', async () => {
    const bound = mint(key, accessClaims({ aud: ['https://other', 'https://api'] }));
    await createVerifier({ ...known, audience: 'https://api' }).verify(bound);
  });

  test('of time are taken with a tolerance if that is wanted', async () => {
    const late = mint(key, accessClaims({ exp: nowS() - 5 }));
    const early = mint(key, accessClaims({ nbf: nowS() + 5 }));
    await assert.rejects(createVerifier(known).verify(late), fault('tokenExpired', { claim: 'exp' }));
    await assert.rejects(createVerifier(known).verify(early), fault('tokenNotYetValid', { claim: 'nbf' }));
    const tolerant = createVerifier({ ...known, clockToleranceS: 30 });
    await tolerant.verify(late);
    await tolerant.verify(early);
    assert.throws(() => createVerifier({ ...known, clockToleranceS: NaN }), fault('badOptions'));
  });
});

describe('groups and scopes', () => {
  test('one of the groups is enough, but all scopes are needed', async () => {
    const verifier = createVerifier(known);
    await verifier.verify(access, { groups: ['owners', 'admins'], scopes: ['openid', 'aws.cognito.signin.user.admin'] });
    await assert.rejects(
      verifier.verify(access, { groups: 'owners' }),
      fault('missingGroup', { actual: ['admins', 'readers'], expected: ['owners'] }),
    );
    await assert.rejects(verifier.verify(access, { groups: [] }), fault('missingGroup'));
    await assert.rejects(verifier.verify(access, { scopes: ['openid', 'email'] }), fault('missingScope'));
    await assert.rejects(createVerifier({ ...known, groups: 'owners' }).verify(access), fault('missingGroup'));
  });

  test('a user without groups is in none', async () => {
    for (const groups of [undefined, null, 'admins', {}]) {
      const jwt = mint(key, accessClaims({ 'cognito:groups': groups }));
      await assert.rejects(createVerifier(known).verify(jwt, { groups: 'admins' }), fault('missingGroup'));
    }
  });
});

describe('what is told of a token that is not trusted', () => {
  test('is a code for each kind', async () => {
    const verifier = createVerifier(known);
    const forged = mint(makeKey('ES256', key.kid), accessClaims());
    const none = mint(key, accessClaims(), { kid: key.kid, alg: 'none' });
    await assert.rejects(verifier.verify('a.b'), fault('tokenMalformed'));
    await assert.rejects(verifier.verify(undefined), fault('tokenMalformed'));
    await assert.rejects(verifier.verify(forged), fault('tokenSignatureInvalid'));
    await assert.rejects(verifier.verify(none), fault('tokenSignatureInvalid', { claim: 'alg', actual: 'none' }));
    const rsa = mint(key, accessClaims(), { kid: key.kid, alg: 'RS256' });
    await assert.rejects(verifier.verify(rsa), fault('tokenSignatureInvalid', { claim: 'alg', actual: 'RS256' }));
    const stranger = mint({ ...key, kid: 'stranger' }, accessClaims());
    await assert.rejects(verifier.verify(stranger), fault('keyNotFound', { actual: 'stranger' }));
  });

  test('never holds the token', async () => {
    const [head, body, signature] = access.split('.');
    const spoiled = [`${head}.${body}`, `${head}.${body}.AAAA`, `${head}.!${body}.${signature}`, `${head}.e30.${signature}`];
    for (const jwt of spoiled) {
      const error = await createVerifier(known).verify(jwt).catch((caught) => caught);
      const told = `${error.message} ${error.stack} ${error.cause} ${JSON.stringify(error)}`;
      for (const part of [body, signature, 'ann']) assert.ok(!told.includes(part), told);
    }
  });
});

describe('issuers', () => {
  test('of Amazon Cognito are known in both forms by the id of the pool', async () => {
    const userPoolId = 'eu-west-1_AbCdEfGhI';
    const publish = publisher(jwks);
    const verifier = createVerifier({ userPoolId, clientId: CLIENT_ID, tokenUse: 'access', fetch: publish });
    for (const host of ['cognito-idp', 'issuer-cognito-idp']) {
      const iss = `https://${host}.eu-west-1.amazonaws.com/${userPoolId}`;
      assert.equal((await verifier.verify(mint(key, accessClaims({ iss })))).iss, iss);
    }
    assert.deepEqual(publish.calls, [
      'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json',
    ]);
    await assert.rejects(verifier.verify(access), fault('tokenClaimInvalid', { claim: 'iss' }));
  });

  test('may be several, each with its own keys', async () => {
    const other = makeKey('ES256', 'their key');
    const issuers = { [ISSUER]: jwks, 'https://b.example/eu-west-1_Bbbbbbbbb': { keys: [other.jwk] } };
    const get = async (url) => Response.json(issuers[url.replace('/.well-known/jwks.json', '')]);
    const options = { issuer: Object.keys(issuers), clientId: CLIENT_ID, tokenUse: 'access', fetch: get };
    const verifier = createVerifier(options);
    const iss = 'https://b.example/eu-west-1_Bbbbbbbbb';
    await verifier.verify(access);
    await verifier.verify(mint(other, accessClaims({ iss })));
    await assert.rejects(verifier.verify(mint(other, accessClaims())), fault('keyNotFound'));
    assert.throws(() => createVerifier({ ...options, jwks }), fault('badOptions'));
  });

  test('are not made of what is no id of a pool', () => {
    for (const userPoolId of ['eu-west-1', 'eu-west-1_a/../b', 'a.evil.example/_b', 'eu-west-1_', '']) {
      const options = { userPoolId, clientId: null, tokenUse: null };
      assert.throws(() => createVerifier(options), fault('badOptions'), userPoolId);
    }
  });
});
