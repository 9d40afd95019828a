// Do tokens say what Cognito's say, get renewed, and end when they are told to?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  ENDPOINT,
  PASSWORD,
  admin,
  anyone,
  attribute,
  claims,
  createClient,
  createPool,
  createUser,
  header,
  refused,
  secretHash,
  signIn,
} from './world.mjs';

const REVOKED = ['NotAuthorizedException', 'Refresh Token has been revoked'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let UserPoolId;
let ClientId;

before(async () => {
  UserPoolId = await createPool({
    Schema: [{ Name: 'seats', AttributeDataType: 'Number', Mutable: true }],
  });
  ({ ClientId } = await createClient(UserPoolId));
});

function refreshed(RefreshToken, client = ClientId) {
  return anyone.getTokensFromRefreshToken({ ClientId: client, RefreshToken });
}

test('both tokens carry the claims of Cognito, and nothing else', async () => {
  const { username, email, sub } = await createUser(UserPoolId, {
    UserAttributes: [
      { Name: 'email', Value: 'claims@example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'phone_number', Value: '+12065550100' },
      { Name: 'custom:seats', Value: '4' },
    ],
  });
  assert.ok(email);
  const { IdToken, AccessToken } = await signIn(UserPoolId, ClientId, username);
  const [id, access] = [claims(IdToken), claims(AccessToken)];
  const now = Date.now() / 1000;
  for (const token of [id, access]) {
    assert.equal(token.iss, `${ENDPOINT}/${UserPoolId}`);
    assert.equal(token.sub, sub);
    assert.ok(Math.abs(token.iat - now) < 60);
    assert.equal(token.auth_time, token.iat);
    assert.equal(token.exp, token.iat + 3600);
    for (const name of ['jti', 'origin_jti', 'event_id']) assert.match(token[name], UUID);
  }
  assert.notEqual(id.jti, access.jti);
  assert.equal(id.origin_jti, access.origin_jti);
  assert.equal(id.event_id, access.event_id);
  assert.deepEqual(
    Object.keys(id).sort(),
    [
      'aud',
      'auth_time',
      'cognito:username',
      'custom:seats',
      'email',
      'email_verified',
      'event_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'origin_jti',
      'phone_number',
      'phone_number_verified',
      'sub',
      'token_use',
    ].filter((name) => name !== 'phone_number_verified' || name in id),
  );
  assert.equal(id.aud, ClientId);
  assert.equal(id.token_use, 'id');
  assert.equal(id['cognito:username'], username);
  assert.equal(id.email, 'claims@example.com');
  assert.equal(id.email_verified, true);
  assert.equal(id['custom:seats'], '4');
  assert.deepEqual(
    Object.keys(access).sort(),
    [
      'auth_time',
      'client_id',
      'event_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'origin_jti',
      'scope',
      'sub',
      'token_use',
      'username',
    ],
  );
  assert.equal(access.client_id, ClientId);
  assert.equal(access.token_use, 'access');
  assert.equal(access.username, username);
  assert.equal(access.scope, 'aws.cognito.signin.user.admin');
});

test('the two tokens are signed with two keys, named in the header', async () => {
  const { username } = await createUser(UserPoolId);
  const { IdToken, AccessToken } = await signIn(UserPoolId, ClientId, username);
  const [id, access] = [header(IdToken), header(AccessToken)];
  for (const one of [id, access]) {
    assert.deepEqual(Object.keys(one).sort(), ['alg', 'kid']);
    assert.equal(one.alg, 'RS256');
  }
  assert.notEqual(id.kid, access.kid);
});

test('the ID token shows what the client may read, and no more', async () => {
  const narrow = await createClient(UserPoolId, { ReadAttributes: ['email'] });
  const { username } = await createUser(UserPoolId, {
    UserAttributes: [
      { Name: 'email', Value: 'narrow@example.com' },
      { Name: 'name', Value: 'Hidden' },
    ],
  });
  const { IdToken, AccessToken } = await signIn(UserPoolId, narrow.ClientId, username);
  assert.equal(claims(IdToken).email, 'narrow@example.com');
  assert.equal(claims(IdToken).name, undefined);
  const { UserAttributes } = await anyone.getUser({ AccessToken });
  assert.equal(attribute(UserAttributes, 'name'), undefined);
});

test('refreshing renews the access and the ID token', async () => {
  const { username } = await createUser(UserPoolId);
  const first = await signIn(UserPoolId, ClientId, username);
  const byRefreshToken = await refreshed(first.RefreshToken);
  const byAdmin = await admin.adminInitiateAuth({
    UserPoolId,
    ClientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: first.RefreshToken },
  });
  for (const { AuthenticationResult: next } of [byRefreshToken, byAdmin]) {
    assert.equal(next.RefreshToken, undefined);
    assert.equal(next.TokenType, 'Bearer');
    assert.equal(next.ExpiresIn, 3600);
    for (const kind of ['AccessToken', 'IdToken']) {
      const [before, after] = [claims(first[kind]), claims(next[kind])];
      assert.notEqual(after.jti, before.jti);
      assert.equal(after.origin_jti, before.origin_jti);
      assert.equal(after.auth_time, before.auth_time);
    }
    assert.equal((await anyone.getUser({ AccessToken: next.AccessToken })).Username, username);
  }
});

test('what is no refresh token of that client is refused', async () => {
  const { username } = await createUser(UserPoolId);
  const { RefreshToken, AccessToken } = await signIn(UserPoolId, ClientId, username);
  const invalid = ['NotAuthorizedException', 'Invalid Refresh Token'];
  await refused(refreshed('not-a-refresh-token'), ...invalid);
  await refused(refreshed(AccessToken), ...invalid);
  const last = RefreshToken.at(-8) === 'A' ? 'B' : 'A';
  const flipped = RefreshToken.slice(0, -8) + last + RefreshToken.slice(-7);
  await refused(refreshed(flipped), ...invalid);
  const other = await createClient(UserPoolId);
  await refused(refreshed(RefreshToken, other.ClientId), 'NotAuthorizedException');
  const elsewhere = await createClient(await createPool());
  await refused(refreshed(RefreshToken, elsewhere.ClientId), 'NotAuthorizedException');
  assert.ok((await refreshed(RefreshToken)).AuthenticationResult);
});

test('refreshing a client with a secret takes the secret', async () => {
  const client = await createClient(UserPoolId, { GenerateSecret: true });
  const { username } = await createUser(UserPoolId);
  const initiate = (AuthFlow, AuthParameters) =>
    anyone.initiateAuth({ ClientId: client.ClientId, AuthFlow, AuthParameters });
  const SECRET_HASH = secretHash(client, username);
  const { AuthenticationResult } = await initiate('USER_PASSWORD_AUTH', {
    USERNAME: username,
    PASSWORD,
    SECRET_HASH,
  });
  const REFRESH_TOKEN = AuthenticationResult.RefreshToken;
  assert.ok((await initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN, SECRET_HASH })).AuthenticationResult);
  await refused(initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN }), 'NotAuthorizedException');
  await refused(refreshed(REFRESH_TOKEN, client.ClientId), 'NotAuthorizedException');
  const byToken = (ClientSecret) =>
    anyone.getTokensFromRefreshToken({
      ClientId: client.ClientId,
      ClientSecret,
      RefreshToken: REFRESH_TOKEN,
    });
  await refused(byToken('Another0Secret0Of0Thirty0Two0000'), 'NotAuthorizedException');
  assert.ok((await byToken(client.ClientSecret)).AuthenticationResult.IdToken);
});

test('a rotated refresh token is used once', async () => {
  const client = await createClient(UserPoolId, {
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  });
  const { username } = await createUser(UserPoolId);
  const first = await signIn(UserPoolId, client.ClientId, username);
  await assert.rejects(
    anyone.initiateAuth({
      ClientId: client.ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: first.RefreshToken },
    }),
    { $fault: 'client' },
  );
  const { AuthenticationResult: second } = await refreshed(first.RefreshToken, client.ClientId);
  assert.ok(second.RefreshToken);
  assert.notEqual(second.RefreshToken, first.RefreshToken);
  await refused(
    refreshed(first.RefreshToken, client.ClientId),
    'RefreshTokenReuseException',
  );
});

test('within its grace a rotated refresh token works once more', async () => {
  const client = await createClient(UserPoolId, {
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
  });
  const { username } = await createUser(UserPoolId);
  const first = await signIn(UserPoolId, client.ClientId, username);
  const second = await refreshed(first.RefreshToken, client.ClientId);
  const retried = await refreshed(first.RefreshToken, client.ClientId);
  for (const { AuthenticationResult } of [second, retried]) {
    assert.ok((await refreshed(AuthenticationResult.RefreshToken, client.ClientId)).AuthenticationResult);
  }
});

test('a revoked refresh token takes its own access tokens with it', async () => {
  const { username } = await createUser(UserPoolId);
  const mine = await signIn(UserPoolId, ClientId, username);
  const other = await signIn(UserPoolId, ClientId, username);
  const { AuthenticationResult: next } = await refreshed(mine.RefreshToken);
  const revoke = (Token) => anyone.revokeToken({ ClientId, Token });
  await refused(revoke(mine.AccessToken), 'UnsupportedTokenTypeException');
  await revoke(mine.RefreshToken);
  await revoke(mine.RefreshToken);
  await refused(refreshed(mine.RefreshToken), ...REVOKED);
  for (const { AccessToken } of [mine, next]) {
    const read = anyone.getUser({ AccessToken });
    await refused(read, 'NotAuthorizedException', 'Access Token has been revoked');
  }
  assert.ok((await refreshed(other.RefreshToken)).AuthenticationResult);
  assert.ok((await anyone.getUser({ AccessToken: other.AccessToken })).Username);
});

test('revoking is the business of the client that holds the token', async () => {
  const client = await createClient(UserPoolId, { GenerateSecret: true });
  const { username } = await createUser(UserPoolId);
  const { AuthenticationResult } = await admin.adminInitiateAuth({
    UserPoolId,
    ClientId: client.ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: {
      USERNAME: username,
      PASSWORD,
      SECRET_HASH: secretHash(client, username),
    },
  });
  const Token = AuthenticationResult.RefreshToken;
  const revoke = (ClientId, ClientSecret) => anyone.revokeToken({ ClientId, Token, ClientSecret });
  const { ClientSecret } = client;
  await assert.rejects(revoke(client.ClientId), { $fault: 'client' });
  await assert.rejects(revoke(client.ClientId, 'Another0Secret0Of0Thirty0Two0000'), {
    $fault: 'client',
  });
  // What is no token of the client is as good as revoked, and stays as it is (RFC 7009 §2.2).
  await revoke(ClientId);
  const refresh = { ClientId: client.ClientId, ClientSecret, RefreshToken: Token };
  assert.ok((await anyone.getTokensFromRefreshToken(refresh)).AuthenticationResult);
  await revoke(client.ClientId, ClientSecret);
  await refused(anyone.getTokensFromRefreshToken(refresh), ...REVOKED);
});

test('a client without revocation has tokens without the claims for it', async () => {
  const client = await createClient(UserPoolId, { EnableTokenRevocation: false });
  const { username } = await createUser(UserPoolId);
  const tokens = await signIn(UserPoolId, client.ClientId, username);
  for (const token of [tokens.IdToken, tokens.AccessToken]) {
    assert.ok(!('origin_jti' in claims(token)));
  }
  await refused(
    anyone.revokeToken({ ClientId: client.ClientId, Token: tokens.RefreshToken }),
    'UnsupportedOperationException',
  );
});

test('signing out everywhere ends all sessions so far, and none to come', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const other = await createClient(UserPoolId);
  const sessions = [
    [ClientId, await signIn(UserPoolId, ClientId, Username)],
    [ClientId, await signIn(UserPoolId, ClientId, Username)],
    [other.ClientId, await signIn(UserPoolId, other.ClientId, Username)],
  ];
  await admin.adminUserGlobalSignOut({ UserPoolId, Username });
  for (const [client, { AccessToken, RefreshToken }] of sessions) {
    await refused(refreshed(RefreshToken, client), ...REVOKED);
    const fault = ['NotAuthorizedException', 'Access Token has been revoked'];
    await refused(anyone.getUser({ AccessToken }), ...fault);
    await refused(anyone.globalSignOut({ AccessToken }), ...fault);
  }
  const after = await signIn(UserPoolId, ClientId, Username);
  assert.equal((await anyone.getUser({ AccessToken: after.AccessToken })).Username, Username);
  assert.ok((await refreshed(after.RefreshToken)).AuthenticationResult);
  await refused(
    admin.adminUserGlobalSignOut({ UserPoolId, Username: 'nobody' }),
    'UserNotFoundException',
    'User does not exist.',
  );
});

test('what is no access token opens nothing', async () => {
  const { username } = await createUser(UserPoolId);
  const { AccessToken, IdToken, RefreshToken } = await signIn(UserPoolId, ClientId, username);
  const [head, body, signature] = AccessToken.split('.');
  const forged = { ...claims(AccessToken), username: 'root', sub: 'root' };
  const encoded = Buffer.from(JSON.stringify(forged)).toString('base64url');
  const none = Buffer.from(JSON.stringify({ ...header(AccessToken), alg: 'none' }));
  const flipped = (signature[10] === 'A' ? 'B' : 'A') + signature.slice(11);
  for (const token of [
    IdToken,
    RefreshToken,
    `${head}.${encoded}.${signature}`,
    `${head}.${body}.${signature.slice(0, 10)}${flipped}`,
    `${none.toString('base64url')}.${body}.`,
    `${head}.${body}.`,
    `${head}.${body}`,
    'x',
  ]) {
    await refused(anyone.getUser({ AccessToken: token }), 'NotAuthorizedException');
    await refused(anyone.globalSignOut({ AccessToken: token }), 'NotAuthorizedException');
  }
  assert.ok((await anyone.getUser({ AccessToken })).Username);
});
