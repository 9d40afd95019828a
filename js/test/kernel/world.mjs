// What do the tests of the embedded service start from?

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { CognateError } from 'cognate/kernel';

export const PASSWORD = 'Passw0rd!';
export const ES256 = { UserPoolTags: { 'cognate:token-algorithm': 'ES256' } };

export function sdk({ endpoint, credentials, requestHandler }) {
  const options = { endpoint, credentials, requestHandler, region: 'eu-west-1', maxAttempts: 1 };
  return new CognitoIdentityProvider(options);
}

/** A pool with a client and a user who can sign in. */
export async function people(aws, settings = ES256) {
  const { UserPool } = await aws.createUserPool({ PoolName: 'people', ...settings });
  const UserPoolId = UserPool.Id;
  const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
  const { UserPoolClient } = await aws.createUserPoolClient({ UserPoolId, ClientName: 'app', ExplicitAuthFlows });
  const Username = 'ann';
  await aws.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
  await aws.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  return { UserPoolId, ClientId: UserPoolClient.ClientId };
}

export async function signIn(aws, { ClientId }) {
  const AuthParameters = { USERNAME: 'ann', PASSWORD };
  const answer = await aws.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
  return answer.AuthenticationResult;
}

/** It is an error of ours with that code. */
export const fault = (code) => (error) => {
  assert.ok(error instanceof CognateError, error?.stack);
  assert.equal(error.code, code, error.message);
  return true;
};

/** A path in a folder that goes away with the test. */
export async function fresh(t) {
  const path = await mkdtemp(join(tmpdir(), 'cognate-kernel-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return join(path, 'records');
}

/** A store of that content in memory, which can be told to fail. */
export function shelf(kept = []) {
  return {
    kept,
    fails: undefined,
    async read() {
      return Buffer.concat(this.kept);
    },
    async append(bytes) {
      await new Promise(setImmediate);
      if (this.fails) throw this.fails;
      this.kept.push(bytes);
    },
    async replace(bytes) {
      if (this.fails) throw this.fails;
      this.kept = [bytes];
    },
    async close() {},
  };
}
