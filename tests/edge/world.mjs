// What do the tests of the edge start from?

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

export const PASSWORD = 'Correct-Horse-7';

export function unique(start) {
  return `${start}-${randomBytes(6).toString('hex')}`;
}

/** A pool with a client through which users sign up. */
export async function createPool({ admin }, settings = {}) {
  const { UserPool } = await admin.createUserPool({
    PoolName: unique('pool'),
    AutoVerifiedAttributes: ['email'],
    ...settings,
  });
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: unique('client'),
  });
  return { poolId: UserPool.Id, clientId: UserPoolClient.ClientId };
}

/** Signs a user up, and gives its name. */
export async function signUp({ anyone }, { clientId }, username = unique('user')) {
  await anyone.signUp({
    ClientId: clientId,
    Username: username,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }],
  });
  return username;
}

/** The object of a pool, for `inspect`. */
export function objectOf({ poolId }) {
  return { binding: 'USER_POOL', name: poolId.split('_')[1] };
}

/** All that a pool's object holds. */
export function holdings(server, pool) {
  return server.inspect('holds', objectOf(pool));
}

/** The call ends in AWS's internal error. */
export async function breaks(call) {
  await assert.rejects(call, (error) => {
    assert.equal(error.name, 'InternalErrorException', `${error.name}: ${error.message}`);
    assert.equal(error.$metadata.httpStatusCode, 500);
    assert.ok(error.$metadata.requestId, 'it has a request id');
    return true;
  });
}

/** A role that nobody takes here. */
export const ROLE = 'arn:aws:iam::123456789012:role/logs';

/** Puts a file where a presigned URL says, with the header that AWS's examples have. */
export function put(url, body, options = {}) {
  const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
  return fetch(url, { method: 'PUT', headers, body, ...options });
}

/** A file of users: the columns, then a line with the values of each. */
export function fileOf(columns, count, values) {
  const line = (row) => columns.map((column) => row[column] ?? '').join(',');
  const lines = Array.from({ length: count }, (_, n) => line(values(n)));
  return [columns.join(','), ...lines].join('\n');
}

/** An import that has its file and was not started yet; gives its id. */
export async function importOf({ admin }, { poolId }, file, settings = {}) {
  const { UserImportJob } = await admin.createUserImportJob({
    UserPoolId: poolId,
    JobName: 'move',
    CloudWatchLogsRoleArn: ROLE,
    ...settings,
  });
  const sent = await put(UserImportJob.PreSignedUrl, file);
  assert.equal(sent.status, 200, await sent.text());
  return UserImportJob.JobId;
}
