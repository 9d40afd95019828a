// Does an import go on when the server is killed in the middle of it, and lose or repeat no line?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { ROLE, createPool, fileOf, holdings, importOf, put } from './world.mjs';

const ROWS = 20_000;
const KILLS = 3;
const LIMIT_MS = 300_000;
/** bcrypt of `a`, from jBCrypt's test vectors. */
const HASH = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe';

let server;
let pool;

before(async () => {
  server = await start();
  pool = await createPool(server);
  const { UserPoolClient } = await server.admin.createUserPoolClient({
    UserPoolId: pool.poolId,
    ClientName: 'passwords',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  pool.clientId = UserPoolClient.ClientId;
});
after(() => server.stop());

const name = (n) => `user${String(n).padStart(6, '0')}`;

/** A file of that many users, every second one with a hash of a password. */
async function fileWith(rows) {
  const { CSVHeader } = await server.admin.getCSVHeader({ UserPoolId: pool.poolId });
  const columns = [...CSVHeader, 'password_hash'];
  const values = (n) => ({
    'cognito:username': name(n),
    email: `${name(n)}@example.com`,
    email_verified: 'true',
    'cognito:mfa_enabled': 'false',
    password_hash: n % 2 === 0 ? HASH : '',
  });
  return fileOf(columns, rows, values);
}

async function jobWith(file) {
  return importOf(server, pool, file, { PasswordHashingAlgorithm: 'BCRYPT' });
}

async function status(JobId) {
  const told = await server.admin.describeUserImportJob({ UserPoolId: pool.poolId, JobId });
  return told.UserImportJob;
}

async function until(JobId, isThere) {
  for (;;) {
    const job = await status(JobId);
    if (isThere(job)) return job;
    assert.ok(['Pending', 'InProgress'].includes(job.Status), JSON.stringify(job));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('an import survives kills, and each line comes once', { timeout: LIMIT_MS }, async () => {
  const JobId = await jobWith(await fileWith(ROWS));
  await server.admin.startUserImportJob({ UserPoolId: pool.poolId, JobId });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const enough = (kill * ROWS) / (KILLS + 2);
    const job = await until(JobId, ({ ImportedUsers }) => ImportedUsers >= enough);
    assert.ok(job.ImportedUsers < ROWS, 'it is killed in the middle');
    await server.kill();
    server = await start({ folder: server.folder });
  }
  const job = await until(JobId, ({ Status }) => Status === 'Succeeded');
  assert.deepEqual([job.ImportedUsers, job.SkippedUsers, job.FailedUsers], [ROWS, 0, 0]);

  const { records } = await holdings(server, pool);
  const users = Object.keys(records).filter((key) => key.startsWith('user/'));
  assert.deepEqual(users, Array.from({ length: ROWS }, (_, n) => `user/${name(n)}`));
  const left = Object.keys(records).filter((key) => /^(import-file|wake\/Run|importing)/.test(key));
  assert.deepEqual(left, []);
  const { UserPool } = await server.admin.describeUserPool({ UserPoolId: pool.poolId });
  assert.equal(UserPool.EstimatedNumberOfUsers, ROWS);
});

test('an imported password signs in', async () => {
  const signIn = (n, password) =>
    server.anyone.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: name(n), PASSWORD: password },
    });
  await assert.rejects(signIn(2, 'b'), { name: 'NotAuthorizedException' });
  for (let again = 0; again < 2; again += 1) {
    const { AuthenticationResult } = await signIn(2, 'a');
    assert.ok(AuthenticationResult.AccessToken);
  }
  await assert.rejects(signIn(3, 'a'), { name: 'PasswordResetRequiredException' });
});

test('an import goes on after wasm broke', { timeout: LIMIT_MS }, async () => {
  const file = (await fileWith(3_000)).replaceAll('user00', 'person');
  const JobId = await jobWith(file);
  await server.admin.startUserImportJob({ UserPoolId: pool.poolId, JobId });
  await until(JobId, ({ ImportedUsers }) => ImportedUsers > 0);
  await server.inspect('trap', { name: 'room_wake' });
  const job = await until(JobId, ({ Status }) => Status === 'Succeeded');
  assert.equal(job.ImportedUsers, 3_000);
});

test('a lost connection leaves no file, and a whole one is taken afterwards', async () => {
  const { UserImportJob } = await server.admin.createUserImportJob({
    UserPoolId: pool.poolId,
    JobName: 'lost',
    CloudWatchLogsRoleArn: ROLE,
  });
  const { JobId, PreSignedUrl } = UserImportJob;
  async function* half() {
    yield new Uint8Array(700_000);
    throw new Error('the line is cut');
  }
  const cut = put(PreSignedUrl, ReadableStream.from(half()), { duplex: 'half' });
  await assert.rejects(cut);
  const started = () => server.admin.startUserImportJob({ UserPoolId: pool.poolId, JobId });
  await assert.rejects(started(), { name: 'PreconditionNotMetException' });
  const whole = await put(PreSignedUrl, 'x');
  assert.equal(whole.status, 200);
  const again = await put(PreSignedUrl, 'x');
  assert.equal(again.status, 412);
  assert.match(await again.text(), /<Code>PreconditionFailed<\/Code>/);
  await started();
});

test('what is too large is refused before it all has come', { timeout: LIMIT_MS }, async () => {
  const { UserImportJob } = await server.admin.createUserImportJob({
    UserPoolId: pool.poolId,
    JobName: 'large',
    CloudWatchLogsRoleArn: ROLE,
  });
  const body = new Uint8Array((100 << 20) + 1);
  const refused = await put(UserImportJob.PreSignedUrl, body).catch((error) => error);
  // A client that is not done sending may not hear the answer.
  if (refused instanceof Response) assert.equal(refused.status, 400);
  const started = server.admin.startUserImportJob({
    UserPoolId: pool.poolId,
    JobId: UserImportJob.JobId,
  });
  await assert.rejects(started, { name: 'PreconditionNotMetException' });
});
