// Do the public documents of a pool say what verifiers look for?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { ENDPOINT, admin, claims, createPool } from '../sdk/world.mjs';
import { document, keyOf, tokens } from './case.mjs';

let judged;

before(async () => {
  judged = await tokens();
});

const RFC_7518_RSA = { kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' };

test('discovery names the issuer of the tokens and where its keys are', async () => {
  const discovery = await document(`${judged.issuer}/.well-known/openid-configuration`);
  assert.equal(discovery.issuer, claims(judged.IdToken).iss);
  assert.equal(discovery.issuer, claims(judged.AccessToken).iss);
  assert.equal(discovery.jwks_uri, judged.jwksUri);
  assert.deepEqual(discovery.subject_types_supported, ['public']);
  assert.deepEqual(discovery.id_token_signing_alg_values_supported, ['RS256']);
  assert.ok(discovery.response_types_supported.includes('code'));
  assert.ok(discovery.scopes_supported.includes('openid'));
  for (const name of ['authorization_endpoint', 'token_endpoint']) {
    assert.ok(discovery[name].startsWith(ENDPOINT), name);
  }
  for (const [name, value] of Object.entries(discovery)) assert.notEqual(value, null, name);
});

test('discovery names the algorithm that the pool was made with', async () => {
  const UserPoolTags = { 'cognate:token-algorithm': 'ES256' };
  const poolId = await createPool({ UserPoolTags });
  const discovery = await document(`${ENDPOINT}/${poolId}/.well-known/openid-configuration`);
  assert.deepEqual(discovery.id_token_signing_alg_values_supported, ['ES256']);
});

test('the keys are two, public, and those of the tokens', async () => {
  const jwks = await document(judged.jwksUri);
  assert.deepEqual(Object.keys(jwks), ['keys']);
  assert.equal(jwks.keys.length, 2);
  for (const { kid, n, ...rest } of jwks.keys) {
    assert.ok(kid);
    assert.equal(Buffer.from(n, 'base64url').length, 256);
    assert.deepEqual(rest, RFC_7518_RSA);
  }
  assert.ok(keyOf(judged.IdToken, jwks));
  assert.ok(keyOf(judged.AccessToken, jwks));
});

test('public documents may be read from every origin, and kept for a while', async () => {
  for (const name of ['jwks.json', 'openid-configuration']) {
    const answer = await fetch(`${judged.issuer}/.well-known/${name}`);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    assert.match(answer.headers.get('cache-control'), /max-age=\d+/);
  }
});

test('a pool that never was or is no more has no documents', async () => {
  const gone = await createPool();
  await admin.deleteUserPool({ UserPoolId: gone });
  for (const poolId of ['eu-west-1_NoSuchPool', gone]) {
    for (const name of ['jwks.json', 'openid-configuration']) {
      const answer = await fetch(`${ENDPOINT}/${poolId}/.well-known/${name}`);
      assert.equal(answer.status, 404, `${poolId} ${name}`);
    }
  }
});
