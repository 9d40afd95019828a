// Does aws-jwt-verify's CognitoJwtVerifier, which insists on AWS's issuer, take the tokens of a
// service that was told to name it?

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

import { claims } from '../sdk/world.mjs';
import { document, keyOf, tokens } from './case.mjs';
import { all } from './forge.mjs';

const AWS = 'https://cognito-idp.eu-west-1.amazonaws.com';

let server;
let endpoint;
let state;
let judged;
let other;
let jwks;

before(async () => {
  assert.ok(process.env.COGNATE_SERVE, 'COGNATE_SERVE says how another server is started');
  const [program, ...args] = process.env.COGNATE_SERVE.split(' ');
  state = await mkdtemp(join(tmpdir(), 'cognate-issuer-'));
  server = spawn(program, [...args, '--port', '0', '--state', state], {
    env: { ...process.env, ISSUER: 'aws' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: server.stdout });
  const [line] = await Promise.race([
    new Promise((resolve) => lines.once('line', (text) => resolve([text]))),
    new Promise((_, reject) => server.once('exit', () => reject(new Error('it does not start')))),
  ]);
  ({ endpoint } = JSON.parse(line));
  judged = await tokens('RS256', endpoint);
  other = await tokens('RS256', endpoint);
  jwks = await document(judged.jwksUri);
});

after(async () => {
  if (server?.exitCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
  await rm(state, { recursive: true, force: true });
});

/** The verifier as applications make it; what it would fetch from AWS's host is fetched here. */
function verifier(expected) {
  const { poolId: userPoolId, clientId } = judged;
  const fetcher = {
    fetch: async (uri) => (await fetch(uri.replace(AWS, endpoint))).arrayBuffer(),
  };
  return CognitoJwtVerifier.create(
    { userPoolId, clientId, ...expected },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
}

test('ID and access tokens are taken', async () => {
  assert.equal(claims(judged.IdToken).iss, `${AWS}/${judged.poolId}`);
  const id = await verifier({ tokenUse: 'id', groups: 'admins' }).verify(judged.IdToken);
  assert.equal(id.sub, judged.sub);
  const access = await verifier({
    tokenUse: 'access',
    groups: ['readers'],
    scope: 'aws.cognito.signin.user.admin',
  }).verify(judged.AccessToken);
  assert.equal(access.username, judged.username);
});

test('tokens that are not meant are refused', async () => {
  await assert.rejects(verifier({ tokenUse: 'id' }).verify(judged.AccessToken));
  await assert.rejects(verifier({ tokenUse: 'access' }).verify(judged.IdToken));
  const stranger = { tokenUse: 'id', clientId: other.clientId };
  await assert.rejects(verifier(stranger).verify(judged.IdToken));
  await assert.rejects(verifier({ tokenUse: 'id', groups: 'owners' }).verify(judged.IdToken));
  await assert.rejects(verifier({ tokenUse: 'id', clientId: null }).verify(other.IdToken));
});

test('tokens that were spoiled are refused', async () => {
  for (const jwt of [judged.IdToken, judged.AccessToken]) {
    const one = verifier({ tokenUse: null });
    await one.verify(jwt);
    for (const [how, spoiled] of Object.entries(all(jwt, keyOf(jwt, jwks)))) {
      await assert.rejects(one.verify(spoiled), undefined, how);
    }
  }
});
