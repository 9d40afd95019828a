// What does an import of the greatest file that Cognito takes need, and does it survive a kill?
//
//   cargo xtask load --import                500,000 users in 100 MB, some minutes
//   cargo xtask load --import --rows 20000   fewer of them
//   cargo xtask load --import --hashes       each with a hash of a password
//
// The file is sent as it is made, imported, and the server killed on the way. Memory is looked at
// all the while: that of the kernel's module, which on Cloudflare has to fit into 128 MB with all
// else, and that of workerd as a whole. So is how long somebody waits who reads a user meanwhile.
//
// The Worker is started as the tests of the edge do. It builds nothing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { start } from '../edge/server.mjs';
import { createPool, signUp } from '../edge/world.mjs';

const ROW_BYTES = 200;
const MODULE_BYTES_MAX = 64 << 20;
const ROLE = 'arn:aws:iam::123456789012:role/logs';
/** bcrypt of `a`, from jBCrypt's test vectors. */
const HASH = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '500000' }, hashes: { type: 'boolean', default: false } },
});
const ROWS = Number(options.rows);

let server = await start();
const seen = { module: 0 };
try {
  const pool = await createPool(server);
  const reader = await signUp(server, pool);
  const job = await createJob(pool);
  console.log(`${ROWS} rows`);
  await watched('sent', () => send(pool, job), pool, reader);
  const named = { UserPoolId: pool.poolId, JobId: job.JobId };
  await server.admin.startUserImportJob(named);
  await watched('imported to the middle', () => until(named, ROWS / 2), pool, reader);
  await server.kill();
  server = await start({ folder: server.folder });
  await watched('imported to the end', () => until(named, ROWS), pool, reader);
  const { UserImportJob } = await server.admin.describeUserImportJob(named);
  const { Status, ImportedUsers, SkippedUsers, FailedUsers } = UserImportJob;
  assert.deepEqual([Status, ImportedUsers, SkippedUsers, FailedUsers], ['Succeeded', ROWS, 0, 0]);
  const { UserPool } = await server.admin.describeUserPool({ UserPoolId: pool.poolId });
  assert.equal(UserPool.EstimatedNumberOfUsers, ROWS + 1);
  for (const n of [0, ROWS >> 1, ROWS - 1]) {
    const Filter = `email = "${email(n)}"`;
    const { Users } = await server.admin.listUsers({ UserPoolId: pool.poolId, Filter });
    assert.deepEqual(Users.map((user) => user.Username), [name(n)]);
  }
  assert.ok(seen.module <= MODULE_BYTES_MAX, `the module had ${megabytes(seen.module)}`);
} finally {
  await server.stop();
}

function name(n) {
  return `user${String(n).padStart(6, '0')}`;
}

function email(n) {
  return `${name(n)}@example.com`;
}

async function createJob({ poolId }) {
  const { UserImportJob } = await server.admin.createUserImportJob({
    UserPoolId: poolId,
    JobName: 'move',
    CloudWatchLogsRoleArn: ROLE,
    PasswordHashingAlgorithm: 'BCRYPT',
  });
  return UserImportJob;
}

/** The file, in pieces. */
async function* fileOf({ poolId }) {
  const { CSVHeader } = await server.admin.getCSVHeader({ UserPoolId: poolId });
  const columns = [...CSVHeader, 'password_hash'];
  yield columns.join(',');
  let piece = '';
  for (let n = 0; n < ROWS; n += 1) {
    const values = {
      'cognito:username': name(n),
      email: email(n),
      email_verified: 'true',
      'cognito:mfa_enabled': 'false',
      password_hash: options.hashes ? HASH : '',
    };
    const bare = columns.map((column) => values[column] ?? '').join(',').length;
    values.profile = 'x'.repeat(Math.max(0, ROW_BYTES - 1 - bare));
    piece += `\n${columns.map((column) => values[column] ?? '').join(',')}`;
    if (piece.length > 1 << 16) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

async function send(pool, { PreSignedUrl }) {
  let bytes = 0;
  for await (const piece of fileOf(pool)) bytes += piece.length;
  const headers = { 'x-amz-server-side-encryption': 'aws:kms', 'content-length': bytes };
  const put = request(PreSignedUrl, { method: 'PUT', headers });
  const answered = once(put, 'response');
  for await (const piece of fileOf(pool)) if (!put.write(piece)) await once(put, 'drain');
  put.end();
  const [answer] = await answered;
  answer.resume();
  assert.equal(answer.statusCode, 200);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function until(named, enough) {
  for (;;) {
    const { UserImportJob } = await server.admin.describeUserImportJob(named);
    const { Status, ImportedUsers } = UserImportJob;
    if (ImportedUsers >= enough && (enough < ROWS || Status === 'Succeeded')) return `${ImportedUsers} users`;
    assert.ok(['Pending', 'InProgress'].includes(Status), JSON.stringify(UserImportJob));
    await sleep(200);
  }
}

/** Does it, and looks meanwhile at memory and at how long a reader waits. */
async function watched(what, run, { poolId }, Username) {
  let isDone = false;
  const most = { module: 0, workerd: 0 };
  const waits = [];
  const watching = (async () => {
    while (!isDone) {
      const asked = performance.now();
      await server.admin.adminGetUser({ UserPoolId: poolId, Username });
      waits.push(performance.now() - asked);
      most.module = Math.max(most.module, await server.inspect('memory'));
      most.workerd = Math.max(most.workerd, residentBytes());
      await sleep(50);
    }
  })();
  const started = performance.now();
  const result = await run();
  isDone = true;
  await watching;
  const seconds = (performance.now() - started) / 1000;
  seen.module = Math.max(seen.module, most.module);
  waits.sort((a, b) => a - b);
  const wait = (part) => `${waits[Math.floor(part * (waits.length - 1))].toFixed(0)} ms`;
  const memory = `module ${megabytes(most.module)}, workerd ${megabytes(most.workerd)}`;
  const reader = `a reader waited ${wait(0.5)}, ${wait(0.99)} at p99, ${wait(1)} at most`;
  console.log(`${what}: ${result} in ${seconds.toFixed(1)} s; ${memory}; ${reader}`);
}

function residentBytes() {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)[1]) << 10;
}

function megabytes(bytes) {
  return `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}
