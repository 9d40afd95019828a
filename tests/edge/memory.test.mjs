// Does the module's memory, which never shrinks, stay within what Cloudflare gives an isolate?

import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { createPool, fileOf, importOf, signUp } from './world.mjs';

/** Of 128 MB for all that an isolate holds. */
const BYTES_MAX = 80 << 20;
const LIMIT_MS = 120_000;
const USERS = 3;
/** The dearest hashes that Cognito takes: 64 MB for each guess. */
const COST = { N: 65_536, r: 8, p: 1, maxmem: 256 << 20 };

let server;
let pool;

before(async () => {
  server = await start();
  pool = await createPool(server);
  const { UserPoolClient } = await server.admin.createUserPoolClient({
    UserPoolId: pool.poolId,
    ClientName: 'passwords',
    PreventUserExistenceErrors: 'ENABLED',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  pool.clientId = UserPoolClient.ClientId;
});
after(() => server.stop());

const name = (n) => `user-${n}`;

async function imported() {
  const salt = Buffer.from('a salt of theirs');
  const key = scryptSync('a', salt, 32, COST).toString('hex');
  const { CSVHeader } = await server.admin.getCSVHeader({ UserPoolId: pool.poolId });
  const columns = [...CSVHeader, 'password_hash'];
  const values = (n) => ({
    'cognito:username': name(n),
    email: `${name(n)}@example.com`,
    email_verified: 'true',
    'cognito:mfa_enabled': 'false',
    password_hash: `${COST.N}$${COST.r}$${COST.p}$${salt.toString('hex')}$${key}`,
  });
  const file = fileOf(columns, USERS, values);
  const JobId = await importOf(server, pool, file, { PasswordHashingAlgorithm: 'SCRYPT' });
  await server.admin.startUserImportJob({ UserPoolId: pool.poolId, JobId });
  for (;;) {
    const told = await server.admin.describeUserImportJob({ UserPoolId: pool.poolId, JobId });
    const { Status, ImportedUsers } = told.UserImportJob;
    if (Status === 'Succeeded') return assert.equal(ImportedUsers, USERS);
    assert.ok(['Pending', 'InProgress'].includes(Status), Status);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function signIn(USERNAME, PASSWORD) {
  return server.anyone.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: pool.clientId,
    AuthParameters: { USERNAME, PASSWORD },
  });
}

test('guesses against the dearest hashes fit, at once and one after the other', { timeout: LIMIT_MS }, async () => {
  await imported();
  await assert.rejects(signIn(name(0), 'b'), { name: 'NotAuthorizedException' });
  const first = await server.inspect('memory');
  assert.ok(first < BYTES_MAX, `${first} bytes after the first guess`);
  // What lives on between guesses must not get in the way of the next one.
  for (let n = 0; n < USERS; n += 1) {
    await signUp(server, pool);
    const guesses = [signIn(name(n), 'b'), signIn(`nobody-${n}`, 'b')];
    const refused = (guess) => assert.rejects(guess, { name: 'NotAuthorizedException' });
    await Promise.all(guesses.map(refused));
    const { AuthenticationResult } = await signIn(name(n), 'a');
    assert.ok(AuthenticationResult.AccessToken);
  }
  const last = await server.inspect('memory');
  assert.ok(last < BYTES_MAX, `${last} bytes after the last guess, ${first} after the first`);
});
