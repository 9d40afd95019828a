// Do resource servers, their scopes and the secrets of clients work as in Cognito?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  CognitoIdentityProvider,
  paginateListResourceServers,
} from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, jwtVerify } from 'jose';

import {
  ENDPOINT,
  PASSWORD,
  REGION,
  admin,
  allRefused,
  anyone,
  createClient,
  createPool,
  createUser,
  refused,
  secretHash,
  unique,
} from './world.mjs';

const Identifier = 'https://shop.example.com';
const scope = (ScopeName) => ({ ScopeName, ScopeDescription: `may ${ScopeName}` });
const SCOPES = [scope('read'), scope('write')];

let UserPoolId;

before(async () => {
  UserPoolId = await createPool();
  await admin.createResourceServer({ UserPoolId, Identifier, Name: 'shop', Scopes: SCOPES });
});

/** A client for machines, who may read and write in the shop. */
function machine(settings = {}) {
  return createClient(UserPoolId, {
    GenerateSecret: true,
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: [`${Identifier}/read`, `${Identifier}/write`],
    ...settings,
  });
}

// The SDK signs this operation, but the secret is all that has to be known.
const stranger = new CognitoIdentityProvider({
  endpoint: ENDPOINT,
  region: REGION,
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  maxAttempts: 1,
});

function tokenOf(client, Secret = client.ClientSecret, Scopes = undefined) {
  return stranger.getClientToken({ ClientId: client.ClientId, Secret, Scopes });
}

test('a resource server is described, changed, listed and deleted', async () => {
  const poolId = await createPool();
  const named = { UserPoolId: poolId, Identifier };
  const created = await admin.createResourceServer({ ...named, Name: 'shop', Scopes: SCOPES });
  assert.deepEqual(created.ResourceServer, { ...named, Name: 'shop', Scopes: SCOPES });
  const described = async () => (await admin.describeResourceServer(named)).ResourceServer;
  assert.deepEqual(await described(), created.ResourceServer);
  await refused(
    admin.createResourceServer({ ...named, Name: 'again' }),
    'InvalidParameterException',
    `${Identifier} already exists in user pool ${poolId}.`,
  );
  const changed = { ...named, Name: 'market', Scopes: [scope('haggle')] };
  assert.deepEqual((await admin.updateResourceServer(changed)).ResourceServer, changed);
  assert.deepEqual(await described(), changed);

  const more = ['one', 'two', 'three', 'four'];
  for (const name of more) {
    await admin.createResourceServer({ UserPoolId: poolId, Identifier: name, Name: name });
  }
  const listed = [];
  const paginator = paginateListResourceServers({ client: admin, pageSize: 2 }, { UserPoolId: poolId });
  for await (const { ResourceServers } of paginator) {
    assert.ok(ResourceServers.length <= 2);
    listed.push(...ResourceServers.map((server) => server.Identifier));
  }
  assert.deepEqual(listed.sort(), [...more, Identifier].sort());

  await admin.deleteResourceServer(named);
  await allRefused(
    [
      admin.describeResourceServer(named),
      admin.updateResourceServer(changed),
      admin.deleteResourceServer(named),
    ],
    'ResourceNotFoundException',
  );
});

test('a client has the scopes that there are, and no others', async () => {
  const settings = { AllowedOAuthScopes: [`${Identifier}/read`, `${Identifier}/fly`] };
  await refused(machine(settings), 'ScopeDoesNotExistException');
  const client = await machine();
  assert.deepEqual(client.AllowedOAuthScopes, [`${Identifier}/read`, `${Identifier}/write`]);
});

test('a machine gets a token for the scopes that it has, which others verify', async () => {
  const client = await machine();
  const { ClientAuthenticationResult } = await tokenOf(client);
  assert.deepEqual([ClientAuthenticationResult.TokenType, ClientAuthenticationResult.ExpiresIn], ['Bearer', 3600]);
  const issuer = `${ENDPOINT}/${UserPoolId}`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const verify = async ({ AccessToken }) => (await jwtVerify(AccessToken, keys, { issuer })).payload;
  const claims = await verify(ClientAuthenticationResult);
  assert.equal(claims.sub, client.ClientId);
  assert.equal(claims.client_id, client.ClientId);
  assert.equal(claims.token_use, 'access');
  assert.equal(claims.scope, `${Identifier}/read ${Identifier}/write`);
  const less = await tokenOf(client, client.ClientSecret, [`${Identifier}/read`]);
  assert.equal((await verify(less.ClientAuthenticationResult)).scope, `${Identifier}/read`);
  await refused(tokenOf(client, client.ClientSecret, [`${Identifier}/fly`]), 'InvalidParameterException');
  await refused(tokenOf(client, 'x'.repeat(24)), 'NotAuthorizedException');
  const person = await createClient(UserPoolId, { GenerateSecret: true });
  await refused(tokenOf(person), 'NotAuthorizedException');
  // It stands for nobody, so that nothing of a user can be done with it.
  const { AccessToken } = ClientAuthenticationResult;
  await refused(anyone.getUser({ AccessToken }), 'NotAuthorizedException');
});

test('secrets of a client are rotated without a moment in which none is taken', async () => {
  const client = await createClient(UserPoolId, { GenerateSecret: true });
  const { ClientId } = client;
  const named = { UserPoolId, ClientId };
  const { username: USERNAME } = await createUser(UserPoolId);
  const signIn = (secret) => {
    const SECRET_HASH = secretHash({ ClientId, ClientSecret: secret }, USERNAME);
    const AuthParameters = { USERNAME, PASSWORD, SECRET_HASH };
    return anyone.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
  };
  const secrets = async () => (await admin.listUserPoolClientSecrets(named)).ClientSecrets;
  const [first] = await secrets();
  assert.equal(first.ClientSecretValue, undefined, 'a list shows no secret');

  const added = await admin.addUserPoolClientSecret(named);
  const { ClientSecretId, ClientSecretValue, ClientSecretCreateDate } = added.ClientSecretDescriptor;
  assert.ok(ClientSecretCreateDate instanceof Date);
  assert.deepEqual((await secrets()).map((one) => one.ClientSecretId).sort(), [first.ClientSecretId, ClientSecretId].sort());
  await refused(admin.addUserPoolClientSecret(named), 'LimitExceededException');
  const { AuthenticationResult } = await signIn(client.ClientSecret);
  await signIn(ClientSecretValue);

  await admin.deleteUserPoolClientSecret({ ...named, ClientSecretId: first.ClientSecretId });
  await refused(signIn(client.ClientSecret), 'NotAuthorizedException');
  await signIn(ClientSecretValue);
  const refresh = (ClientSecret) =>
    anyone.getTokensFromRefreshToken({ ClientId, ClientSecret, RefreshToken: AuthenticationResult.RefreshToken });
  await refused(refresh(client.ClientSecret), 'NotAuthorizedException');
  assert.ok((await refresh(ClientSecretValue)).AuthenticationResult.AccessToken);
  assert.equal((await admin.describeUserPoolClient(named)).UserPoolClient.ClientSecret, ClientSecretValue);
  await refused(admin.deleteUserPoolClientSecret({ ...named, ClientSecretId }), 'InvalidParameterException');

  const chosen = unique('a-secret-of-my-own').padEnd(40, 'x').replaceAll('-', '');
  await admin.addUserPoolClientSecret({ ...named, ClientSecret: chosen });
  await signIn(chosen);
});

test('secrets of machines are rotated, too', async () => {
  const client = await machine();
  const named = { UserPoolId, ClientId: client.ClientId };
  const [old] = (await admin.listUserPoolClientSecrets(named)).ClientSecrets;
  const { ClientSecretDescriptor } = await admin.addUserPoolClientSecret(named);
  await tokenOf(client);
  await tokenOf(client, ClientSecretDescriptor.ClientSecretValue);
  await admin.deleteUserPoolClientSecret({ ...named, ClientSecretId: old.ClientSecretId });
  await refused(tokenOf(client), 'NotAuthorizedException');
  await tokenOf(client, ClientSecretDescriptor.ClientSecretValue);
});
