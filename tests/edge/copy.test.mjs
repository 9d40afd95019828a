// Does a pool move to another deployment, of another region, account and root key, with every
// password working there?

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { Attempt } from '../sdk/srp.mjs';
import { extension } from '../sdk/extension.mjs';
import { start } from './server.mjs';
import { PASSWORD, ROLE, put } from './world.mjs';

/** bcrypt of `a`, from jBCrypt's test vectors. */
const HASH = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe';
const POOL = {
  AliasAttributes: ['email'],
  AutoVerifiedAttributes: ['email'],
  Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 3 } },
};
const FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];

/** Each password of the pool that is moved. */
const PASSWORDS = { ann: PASSWORD, bob: 'Bobs-Horse-8', hash: 'a', 'löwe': 'Löwen-Pferd-9' };

const sides = {};

/** A deployment, and an empty pool in it. */
async function deployment(region, vars) {
  const server = await start({ vars });
  const { endpoint, admin } = server;
  const { credentials } = admin.config;
  const own = new CognitoIdentityProvider({ endpoint, region, credentials, maxAttempts: 1 });
  const { UserPool } = await own.createUserPool({ PoolName: 'moving', ...POOL });
  const made = { UserPoolId: UserPool.Id, ClientName: 'app', ExplicitAuthFlows: FLOWS };
  const { UserPoolClient } = await own.createUserPoolClient(made);
  const call = (name, input) => extension({ endpoint, region, credentials }, name, input);
  return { server, admin: own, call, arn: UserPool.Arn, poolId: UserPool.Id, ClientId: UserPoolClient.ClientId };
}

before(async () => {
  const there = {
    ACCOUNT_ID: '210987654321',
    COGNATE_ROOT_KEY: 'a1'.repeat(32),
    COGNATE_ACCESS_KEY_ID: 'AKIAELSEWHERE0000001',
    COGNATE_SECRET_ACCESS_KEY: 'elsewhere/secret/access/key/000000000001',
  };
  [sides.from, sides.to] = await Promise.all([
    deployment('eu-west-1'),
    deployment('us-west-2', there),
  ]);
  await people(sides.from);
});
after(() => Promise.all(Object.values(sides).map(({ server }) => server.stop())));

/** Users with passwords of every origin. */
async function people({ admin, poolId: UserPoolId }) {
  for (const [Username, Password] of Object.entries(PASSWORDS)) {
    if (Username === 'hash') continue;
    const UserAttributes = [
      { Name: 'email', Value: `${encodeURIComponent(Username)}@example.com` },
      { Name: 'email_verified', Value: 'true' },
    ];
    await admin.adminCreateUser({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' });
    await admin.adminSetUserPassword({ UserPoolId, Username, Password, Permanent: true });
  }
  const { CSVHeader } = await admin.getCSVHeader({ UserPoolId });
  const columns = [...CSVHeader, 'password_hash'];
  const values = {
    'cognito:username': 'hash',
    email: 'hash@example.com',
    email_verified: 'true',
    'cognito:mfa_enabled': 'false',
    password_hash: HASH,
  };
  const { UserImportJob } = await admin.createUserImportJob({
    UserPoolId,
    JobName: 'move',
    CloudWatchLogsRoleArn: ROLE,
    PasswordHashingAlgorithm: 'BCRYPT',
  });
  const line = columns.map((column) => values[column] ?? '').join(',');
  await finished({ admin, poolId: UserPoolId }, UserImportJob, `${columns.join(',')}\n${line}`);
  for (const GroupName of ['readers', 'writers']) {
    await admin.createGroup({ UserPoolId, GroupName, Precedence: 3 });
    await admin.adminAddUserToGroup({ UserPoolId, GroupName, Username: 'ann' });
  }
}

/** Puts a job's file, starts it, and waits for its end. */
async function finished({ admin, poolId: UserPoolId }, { JobId, PreSignedUrl }, file) {
  const sent = await put(PreSignedUrl, file);
  assert.equal(sent.status, 200, await sent.text());
  await admin.startUserImportJob({ UserPoolId, JobId });
  for (;;) {
    const { UserImportJob } = await admin.describeUserImportJob({ UserPoolId, JobId });
    if (!['Pending', 'InProgress'].includes(UserImportJob.Status)) return UserImportJob;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The file of all users of the pool, for that key. */
async function exported({ call, poolId: UserPoolId }, PublicKey) {
  const { UserExport } = await call('CreateUserExport', { UserPoolId, PublicKey });
  const file = await fetch(UserExport.PreSignedUrl);
  assert.equal(file.status, 200);
  const described = await call('DescribeUserExport', { UserPoolId, ExportId: UserExport.ExportId });
  assert.equal(described.UserExport.UserPoolId, UserPoolId);
  return file.text();
}

function byPassword({ admin, ClientId }, USERNAME, password) {
  const AuthParameters = { USERNAME, PASSWORD: password };
  return admin.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
}

async function bySrp({ admin, ClientId, poolId }, USERNAME, password) {
  const attempt = new Attempt();
  const { ChallengeName, ChallengeParameters: parameters } = await admin.initiateAuth({
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME, SRP_A: attempt.opening },
  });
  const ChallengeResponses = attempt.responses({ poolId, parameters, password });
  return admin.respondToAuthChallenge({ ClientId, ChallengeName, ChallengeResponses });
}

async function described({ admin, poolId: UserPoolId }, Username) {
  const { $metadata, ...user } = await admin.adminGetUser({ UserPoolId, Username });
  const { Groups } = await admin.adminListGroupsForUser({ UserPoolId, Username });
  return { user, groups: Groups.map(({ UserPoolId: _, ...group }) => group) };
}

test('all users move, and sign in by SRP from their first password on', async () => {
  const { from, to } = sides;
  assert.match(to.arn, /^arn:aws:cognito-idp:us-west-2:210987654321:userpool\//);
  const waiting = { UserPoolId: to.poolId, JobName: 'copy' };
  const { UserImportJob, PublicKey } = await to.call('CreateUserRestoreJob', waiting);
  const file = await exported(from, PublicKey);
  assert.ok(!file.includes(HASH.slice(-31)), 'no hash can be read in the file');
  const ended = await finished(to, UserImportJob, file);
  assert.deepEqual([ended.Status, ended.ImportedUsers, ended.FailedUsers], ['Succeeded', 4, 0]);
  for (const [name, password] of Object.entries(PASSWORDS)) {
    assert.deepEqual(await described(to, name), await described(from, name));
    await assert.rejects(byPassword(to, name, 'Wrong-Horse-7'), { name: 'NotAuthorizedException' });
    for (const signIn of [byPassword, bySrp, byPassword]) {
      const { AuthenticationResult } = await signIn(to, name, password);
      assert.ok(AuthenticationResult.AccessToken, `${name} signs in there`);
    }
    await assert.rejects(bySrp(to, name, 'Wrong-Horse-7'), { name: 'NotAuthorizedException' });
    assert.ok((await byPassword(from, name, password)).AuthenticationResult, `${name} is here, too`);
  }
  assert.ok((await bySrp(to, 'ann@example.com', PASSWORD)).AuthenticationResult.IdToken);
});

test('a backup is for the holder of the key, and for nobody else', async () => {
  const { from, to } = sides;
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const raw = (key, type) => key.export({ format: 'der', type }).subarray(-32).toString('base64');
  const backup = await exported(from, raw(publicKey, 'spki'));
  const { UserPool } = await to.admin.createUserPool({ PoolName: 'restored', ...POOL });
  const made = { UserPoolId: UserPool.Id, ClientName: 'app', ExplicitAuthFlows: FLOWS };
  const { UserPoolClient } = await to.admin.createUserPoolClient(made);
  const restored = { ...to, poolId: UserPool.Id, ClientId: UserPoolClient.ClientId };
  const restore = async (PrivateKey) => {
    const input = { UserPoolId: UserPool.Id, JobName: 'restore', PrivateKey };
    const { UserImportJob } = await to.call('CreateUserRestoreJob', input);
    return finished(restored, UserImportJob, backup);
  };
  const another = raw(generateKeyPairSync('x25519').privateKey, 'pkcs8');
  const failed = await restore(another);
  assert.deepEqual([failed.Status, failed.ImportedUsers], ['Failed', 0]);
  const ended = await restore(raw(privateKey, 'pkcs8'));
  assert.deepEqual([ended.Status, ended.ImportedUsers], ['Succeeded', 4]);
  assert.ok((await byPassword(restored, 'bob', PASSWORDS.bob)).AuthenticationResult);
  assert.ok((await bySrp(restored, 'bob', PASSWORDS.bob)).AuthenticationResult);
});
