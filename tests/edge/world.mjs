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
