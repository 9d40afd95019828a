// Do user pool clients keep what they are told, and guard their secrets?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  PASSWORD,
  admin,
  anyone,
  createClient,
  createPool,
  createUser,
  pages,
  allRefused,
  refused,
  secretHash,
  unique,
} from './world.mjs';

let UserPoolId;

before(async () => {
  UserPoolId = await createPool({
    Schema: [{ Name: 'plan', AttributeDataType: 'String', Mutable: true }],
  });
});

/** Every member of `CreateUserPoolClient`, with values that are nobody's default. */
const EVERYTHING = {
  RefreshTokenValidity: 90,
  AccessTokenValidity: 20,
  IdTokenValidity: 1800,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds', RefreshToken: 'hours' },
  ReadAttributes: ['email', 'name', 'custom:plan'],
  WriteAttributes: ['email', 'name'],
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_CUSTOM_AUTH'],
  SupportedIdentityProviders: ['COGNITO'],
  CallbackURLs: ['https://example.com/back', 'http://localhost:3000/back', 'example://back'],
  LogoutURLs: ['https://example.com/bye'],
  DefaultRedirectURI: 'https://example.com/back',
  AllowedOAuthFlows: ['code', 'implicit'],
  AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
  AllowedOAuthFlowsUserPoolClient: true,
  AnalyticsConfiguration: {
    ApplicationId: '0a1b2c3d',
    RoleArn: 'arn:aws:iam::123456789012:role/analytics',
    ExternalId: 'external',
    UserDataShared: true,
  },
  PreventUserExistenceErrors: 'ENABLED',
  EnableTokenRevocation: false,
  EnablePropagateAdditionalUserContextData: true,
  AuthSessionValidity: 7,
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 15 },
};

function sorted(value) {
  return Array.isArray(value) ? [...value].sort() : value;
}

test('a client describes back every member that it was created with', async () => {
  const ClientName = unique('everything');
  const { UserPoolClient: created } = await admin.createUserPoolClient({
    UserPoolId,
    ClientName,
    GenerateSecret: true,
    ...EVERYTHING,
  });
  const { ClientId } = created;
  const { UserPoolClient: described } = await admin.describeUserPoolClient({ UserPoolId, ClientId });
  for (const client of [created, described]) {
    assert.equal(client.UserPoolId, UserPoolId);
    assert.equal(client.ClientName, ClientName);
    assert.match(client.ClientSecret, /^[\w+]{24,64}$/);
    assert.equal(client.ClientSecret, created.ClientSecret);
    for (const [member, value] of Object.entries(EVERYTHING)) {
      assert.deepEqual(sorted(client[member]), sorted(value), member);
    }
    assert.ok(client.CreationDate && client.LastModifiedDate);
  }
});

test('a client starts with the defaults of Cognito', async () => {
  const { UserPoolClient } = await admin.createUserPoolClient({ UserPoolId, ClientName: 'plain' });
  assert.equal(UserPoolClient.ClientSecret, undefined);
  assert.equal(UserPoolClient.RefreshTokenValidity, 30);
  assert.equal(UserPoolClient.EnableTokenRevocation, true);
  assert.equal(UserPoolClient.AllowedOAuthFlowsUserPoolClient, false);
  assert.equal(UserPoolClient.AuthSessionValidity, 3);
  const user = await createUser(UserPoolId);
  const initiate = (AuthFlow, AuthParameters) =>
    anyone.initiateAuth({ ClientId: UserPoolClient.ClientId, AuthFlow, AuthParameters });
  const srp = await initiate('USER_SRP_AUTH', { USERNAME: user.username, SRP_A: 'abcdef' });
  assert.equal(srp.ChallengeName, 'PASSWORD_VERIFIER');
  await refused(
    initiate('USER_PASSWORD_AUTH', { USERNAME: user.username, PASSWORD }),
    'InvalidParameterException',
    'USER_PASSWORD_AUTH flow not enabled for this client',
  );
  await refused(
    admin.adminInitiateAuth({
      UserPoolId,
      ClientId: UserPoolClient.ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: user.username, PASSWORD },
    }),
    'InvalidParameterException',
    'Auth flow not enabled for this client',
  );
});

test('an update resets what it leaves out, and keeps the secret', async () => {
  const { ClientId, ClientSecret } = await createClient(UserPoolId, {
    GenerateSecret: true,
    RefreshTokenValidity: 5,
    CallbackURLs: ['https://example.com/back'],
    ReadAttributes: ['email'],
  });
  const { UserPoolClient: updated } = await admin.updateUserPoolClient({
    UserPoolId,
    ClientId,
    ClientName: 'renamed',
    IdTokenValidity: 2,
  });
  const { UserPoolClient: described } = await admin.describeUserPoolClient({ UserPoolId, ClientId });
  for (const client of [updated, described]) {
    assert.equal(client.ClientName, 'renamed');
    assert.equal(client.IdTokenValidity, 2);
    assert.equal(client.RefreshTokenValidity, 30);
    assert.equal(client.CallbackURLs, undefined);
    assert.notDeepEqual(client.ReadAttributes, ['email']);
    assert.equal(client.ClientSecret, ClientSecret);
  }
});

test('clients are listed page by page until they are deleted', async () => {
  const poolId = await createPool();
  const names = [];
  for (let n = 0; n < 5; n += 1) {
    const { ClientName } = await createClient(poolId, { ClientName: `client-${n}` });
    names.push(ClientName);
  }
  const list = async () => {
    const all = await pages((NextToken) =>
      admin.listUserPoolClients({ UserPoolId: poolId, MaxResults: 2, NextToken }),
    );
    assert.ok(all.every((page) => page.UserPoolClients.length <= 2));
    return all.flatMap((page) => page.UserPoolClients);
  };
  const listed = await list();
  assert.deepEqual(listed.map((client) => client.ClientName).sort(), names);
  assert.ok(listed.every((client) => client.UserPoolId === poolId && client.ClientId));
  const { ClientId } = listed[0];
  await admin.deleteUserPoolClient({ UserPoolId: poolId, ClientId });
  assert.equal((await list()).length, 4);
  const gone = ['ResourceNotFoundException', `User pool client ${ClientId} does not exist.`];
  await refused(admin.describeUserPoolClient({ UserPoolId: poolId, ClientId }), ...gone);
  await refused(admin.deleteUserPoolClient({ UserPoolId: poolId, ClientId }), ...gone);
  const signUp = { ClientId, Username: unique(), Password: PASSWORD };
  await refused(anyone.signUp(signUp), ...gone);
});

test('a client that never was is not found', async () => {
  const ClientId = 'nosuchclient0000000000000000';
  const Username = 'nobody';
  const gone = ['ResourceNotFoundException', `User pool client ${ClientId} does not exist.`];
  const calls = [
    anyone.signUp({ ClientId, Username, Password: PASSWORD }),
    anyone.confirmSignUp({ ClientId, Username, ConfirmationCode: '123456' }),
    anyone.resendConfirmationCode({ ClientId, Username }),
    anyone.initiateAuth({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
    admin.adminInitiateAuth({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
    admin.describeUserPoolClient({ UserPoolId, ClientId }),
    admin.updateUserPoolClient({ UserPoolId, ClientId }),
    admin.deleteUserPoolClient({ UserPoolId, ClientId }),
  ];
  await allRefused(calls, ...gone);
});

test('a client of another pool is not found', async () => {
  const { ClientId } = await createClient(await createPool());
  const gone = ['ResourceNotFoundException', `User pool client ${ClientId} does not exist.`];
  await refused(admin.describeUserPoolClient({ UserPoolId, ClientId }), ...gone);
  await refused(admin.deleteUserPoolClient({ UserPoolId, ClientId }), ...gone);
});

test('settings that contradict one another are refused', async () => {
  for (const settings of [
    { ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'] },
    { AccessTokenValidity: 2, TokenValidityUnits: { AccessToken: 'minutes' } },
    { IdTokenValidity: 25, TokenValidityUnits: { IdToken: 'hours' } },
    { RefreshTokenValidity: 3651, TokenValidityUnits: { RefreshToken: 'days' } },
    { DefaultRedirectURI: 'https://example.com/other', CallbackURLs: ['https://example.com/back'] },
    { CallbackURLs: ['http://example.com/back'] },
    { CallbackURLs: ['https://example.com/back#fragment'] },
    { ReadAttributes: ['custom:absent'] },
    { EnablePropagateAdditionalUserContextData: true },
  ]) {
    const create = admin.createUserPoolClient({ UserPoolId, ClientName: 'odd', ...settings });
    await refused(create, 'InvalidParameterException');
  }
  const clients = await admin.listUserPoolClients({ UserPoolId, MaxResults: 60 });
  assert.ok(!clients.UserPoolClients.some((client) => client.ClientName === 'odd'));
});

test('a secret of one own choice is kept', async () => {
  const ClientSecret = 'Chosen0Secret0Of0Thirty0Two00000';
  const client = await createClient(UserPoolId, { ClientSecret });
  const user = await createUser(UserPoolId);
  const { AuthenticationResult } = await anyone.initiateAuth({
    ClientId: client.ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: {
      USERNAME: user.username,
      PASSWORD,
      SECRET_HASH: secretHash({ ...client, ClientSecret }, user.username),
    },
  });
  assert.ok(AuthenticationResult.AccessToken);
});

test('a client with a secret takes nothing without the right SECRET_HASH', async () => {
  const client = await createClient(UserPoolId, { GenerateSecret: true });
  const { ClientId } = client;
  const user = await createUser(UserPoolId);
  const Username = user.username;
  const wrong = secretHash({ ...client, ClientSecret: 'Another0Secret0Of0Thirty0Two0000' }, Username);
  const ofAnother = secretHash(client, 'somebody-else');
  const calls = (SecretHash) => [
    anyone.signUp({ ClientId, SecretHash, Username: unique(), Password: PASSWORD }),
    anyone.confirmSignUp({ ClientId, SecretHash, Username, ConfirmationCode: '123456' }),
    anyone.resendConfirmationCode({ ClientId, SecretHash, Username }),
    anyone.initiateAuth({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: {
        USERNAME: Username,
        PASSWORD,
        ...(SecretHash ? { SECRET_HASH: SecretHash } : {}),
      },
    }),
  ];
  for (const hash of [wrong, ofAnother]) {
    const message = `Unable to verify secret hash for client ${ClientId}`;
    await allRefused(calls(hash), 'NotAuthorizedException', message);
  }
  const message = `Client ${ClientId} is configured for secret but secret was not received`;
  await allRefused(calls(undefined), 'NotAuthorizedException', message);
});

test('tokens last as long as the client says', async () => {
  const client = await createClient(UserPoolId, {
    AccessTokenValidity: 10,
    IdTokenValidity: 3,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours', RefreshToken: 'days' },
  });
  const user = await createUser(UserPoolId);
  const { AuthenticationResult: result } = await anyone.initiateAuth({
    ClientId: client.ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: user.username, PASSWORD },
  });
  assert.equal(result.ExpiresIn, 600);
  const lasts = (jwt) => {
    const { exp, iat } = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
    return exp - iat;
  };
  assert.equal(lasts(result.AccessToken), 600);
  assert.equal(lasts(result.IdToken), 3 * 3600);
});
