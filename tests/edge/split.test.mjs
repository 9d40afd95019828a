// Does a pool that is spread over four objects stay one pool when the server is killed?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { fileOf, importOf } from './world.mjs';

const ROWS = 3_000;
const KILLS = 3;
const RIVALS = 24;
const LIMIT_MS = 300_000;

let server;
let UserPoolId;

before(async () => {
  server = await start({ vars: { POOL_SHARDS: '4' } });
  const { UserPool } = await server.admin.createUserPool({
    PoolName: 'split',
    AliasAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
  });
  UserPoolId = UserPool.Id;
});
after(() => server.stop());

const name = (n) => `user${String(n).padStart(6, '0')}`;
const addressOf = (Username) => `${Username}@example.com`;

async function killAndStart() {
  await server.kill();
  server = await start({ folder: server.folder, vars: { POOL_SHARDS: '4' } });
}

async function ownerOf(address) {
  try {
    return (await server.admin.adminGetUser({ UserPoolId, Username: address })).Username;
  } catch (error) {
    assert.equal(error.name, 'UserNotFoundException');
    return undefined;
  }
}

async function waitingJob() {
  const { CSVHeader } = await server.admin.getCSVHeader({ UserPoolId });
  const values = (n) => ({
    'cognito:username': name(n),
    email: addressOf(name(n)),
    email_verified: 'true',
    'cognito:mfa_enabled': 'false',
  });
  return importOf(server, { poolId: UserPoolId }, fileOf(CSVHeader, ROWS, values));
}

async function until(JobId, isThere) {
  for (;;) {
    const job = (await server.admin.describeUserImportJob({ UserPoolId, JobId })).UserImportJob;
    if (isThere(job)) return job;
    assert.ok(['Pending', 'InProgress'].includes(job.Status), JSON.stringify(job));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('an import into four objects survives kills, and each line comes once', { timeout: LIMIT_MS }, async () => {
  const JobId = await waitingJob();
  await server.admin.startUserImportJob({ UserPoolId, JobId });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const enough = (kill * ROWS) / (KILLS + 2);
    const job = await until(JobId, ({ ImportedUsers }) => ImportedUsers >= enough);
    assert.ok(job.ImportedUsers < ROWS, 'it is killed in the middle');
    await killAndStart();
  }
  const job = await until(JobId, ({ Status }) => Status === 'Succeeded');
  assert.deepEqual([job.ImportedUsers, job.SkippedUsers, job.FailedUsers], [ROWS, 0, 0]);
  const { UserPool } = await server.admin.describeUserPool({ UserPoolId });
  assert.equal(UserPool.EstimatedNumberOfUsers, ROWS);
  for (let n = 0; n < ROWS; n += 37) assert.equal(await ownerOf(addressOf(name(n))), name(n));
});

test('of many who want one address when the server is killed nobody or one has it', { timeout: LIMIT_MS }, async () => {
  for (let round = 0; round < KILLS; round += 1) {
    const address = addressOf(`prize${round}`);
    const create = (Username) =>
      server.admin.adminCreateUser({
        UserPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: address },
          { Name: 'email_verified', Value: 'true' },
        ],
      });
    const rivals = Array.from({ length: RIVALS }, (_, n) => `rival-${round}-${n}`);
    const settled = Promise.allSettled(rivals.map(create));
    await new Promise((resolve) => setTimeout(resolve, 5 + 15 * round));
    await killAndStart();
    const taken = (await settled).filter(({ status }) => status === 'fulfilled');
    const owner = await ownerOf(address);
    // What was acknowledged stands.
    if (taken.length > 0) assert.deepEqual(taken.map(({ value }) => value.User.Username), [owner]);
    const { Users } = await server.admin.listUsers({ UserPoolId, Filter: `email = "${address}"` });
    assert.deepEqual(Users.map(({ Username }) => Username), owner ? [owner] : []);
    // Whoever has it gives it up, and it is free.
    if (owner) await server.admin.adminDeleteUser({ UserPoolId, Username: owner });
    await create(`heir-${round}`);
    assert.equal(await ownerOf(address), `heir-${round}`);
  }
});

test('a change of the pool is known to all its objects when it is acknowledged', { timeout: LIMIT_MS }, async () => {
  const { UserPoolClient } = await server.admin.createUserPoolClient({
    UserPoolId,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const { ClientId } = UserPoolClient;
  const names = Array.from({ length: 12 }, (_, n) => `member-${n}`);
  const Password = 'Correct-Horse-7';
  for (const Username of names) {
    await server.admin.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
    await server.admin.adminSetUserPassword({ UserPoolId, Username, Password, Permanent: true });
  }
  const signIn = (USERNAME) =>
    server.anyone.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME, PASSWORD: Password },
    });
  const allow = (...ExplicitAuthFlows) =>
    server.admin.updateUserPoolClient({ UserPoolId, ClientId, ExplicitAuthFlows });
  for (let again = 0; again < 3; again += 1) {
    await allow('ALLOW_REFRESH_TOKEN_AUTH');
    for (const refused of await Promise.allSettled(names.map(signIn))) {
      assert.equal(refused.reason?.name, 'InvalidParameterException');
    }
    await killAndStart();
    await allow('ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH');
    const signedIn = await Promise.all(names.map(signIn));
    assert.ok(signedIn.every(({ AuthenticationResult }) => AuthenticationResult.AccessToken));
  }
});
