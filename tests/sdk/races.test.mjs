// Does what may happen once happen once, however many ask for it at the same time?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  PASSWORD,
  admin,
  anyone,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  signIn,
  unique,
  uniqueEmail,
} from './world.mjs';

const AT_ONCE = 12;

let UserPoolId;
let ClientId;

before(async () => {
  UserPoolId = await createPool();
  ({ ClientId } = await createClient(UserPoolId));
});

/** How often the call was taken, and by which errors it was refused. */
async function together(call) {
  const calls = Array.from({ length: AT_ONCE }, (_, n) => call(n));
  const settled = await Promise.allSettled(calls);
  const taken = settled.filter((one) => one.status === 'fulfilled').map((one) => one.value);
  const refused = settled.filter((one) => one.status === 'rejected').map((one) => one.reason);
  for (const { $metadata, message } of refused) assert.equal($metadata?.httpStatusCode, 400, message);
  return { taken, refused: new Set(refused.map((error) => error.name)) };
}

test('one of many takes a user name', async () => {
  const Username = unique();
  const { taken, refused } = await together(() =>
    anyone.signUp({ ClientId, Username, Password: PASSWORD }),
  );
  assert.equal(taken.length, 1);
  assert.deepEqual([...refused], ['UsernameExistsException']);
  const { Users } = await admin.listUsers({ UserPoolId, Filter: `username = "${Username}"` });
  assert.equal(Users.length, 1);
  const { UserAttributes } = await admin.adminGetUser({ UserPoolId, Username });
  const sub = UserAttributes.find((one) => one.Name === 'sub').Value;
  assert.equal(sub, taken[0].UserSub);
});

test('one of many takes an address that is an alias', async () => {
  const poolId = await createPool({ AliasAttributes: ['email'] });
  const email = uniqueEmail();
  const { taken, refused } = await together((n) =>
    admin.adminCreateUser({
      UserPoolId: poolId,
      Username: `user-${n}`,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  assert.equal(taken.length, 1);
  // What AWS's model has no `AliasExistsException` for.
  assert.deepEqual([...refused], ['UsernameExistsException']);
  const owner = await admin.adminGetUser({ UserPoolId: poolId, Username: email });
  assert.equal(owner.Username, taken[0].User.Username);
  assert.equal((await admin.listUsers({ UserPoolId: poolId })).Users.length, 1);
});

/** Users who are signed in and share an address that none of them has proved. */
async function rivals(poolId, clientId, email) {
  const names = Array.from({ length: AT_ONCE }, (_, n) => `rival-${n}`);
  return Promise.all(
    names.map(async (username) => {
      const UserAttributes = [{ Name: 'email', Value: email }];
      await createUser(poolId, { username, UserAttributes });
      return { username, ...(await signIn(poolId, clientId, username)) };
    }),
  );
}

test('one of many proves an address that is an alias', async () => {
  const poolId = await createPool({ AliasAttributes: ['email'] });
  const client = await createClient(poolId);
  const email = uniqueEmail();
  const users = await rivals(poolId, client.ClientId, email);
  const codes = new Map();
  for (const { username, AccessToken } of users) {
    await anyone.getUserAttributeVerificationCode({ AccessToken, AttributeName: 'email' });
    codes.set(username, await codeSentTo(email));
  }
  const { taken, refused } = await together(async (n) => {
    const { username, AccessToken } = users[n];
    const Code = codes.get(username);
    await anyone.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code });
    return username;
  });
  assert.equal(taken.length, 1);
  assert.deepEqual([...refused], ['AliasExistsException']);
  const owner = await admin.adminGetUser({ UserPoolId: poolId, Username: email });
  assert.equal(owner.Username, taken[0]);
});

test('one of many is vouched for, and one of many is called by an address', async () => {
  const poolId = await createPool({ AliasAttributes: ['email'] });
  const client = await createClient(poolId);
  const email = uniqueEmail();
  const users = await rivals(poolId, client.ClientId, email);
  const vouched = await together(async (n) => {
    const UserAttributes = [{ Name: 'email_verified', Value: 'true' }];
    const named = { UserPoolId: poolId, Username: users[n].username };
    await admin.adminUpdateUserAttributes({ ...named, UserAttributes });
    return users[n].username;
  });
  assert.equal(vouched.taken.length, 1);
  assert.deepEqual([...vouched.refused], ['AliasExistsException']);

  const named = await createPool({ UsernameAttributes: ['email'] });
  const app = await createClient(named);
  const Username = uniqueEmail();
  const signedUp = await together(() =>
    anyone.signUp({ ClientId: app.ClientId, Username, Password: PASSWORD }),
  );
  assert.equal(signedUp.taken.length, 1);
  assert.deepEqual([...signedUp.refused], ['UsernameExistsException']);
});

test('a code confirms once', async () => {
  const Username = unique();
  const email = uniqueEmail();
  const UserAttributes = [{ Name: 'email', Value: email }];
  await anyone.signUp({ ClientId, Username, Password: PASSWORD, UserAttributes });
  const ConfirmationCode = await codeSentTo(email);
  const { taken } = await together(() =>
    anyone.confirmSignUp({ ClientId, Username, ConfirmationCode }),
  );
  assert.equal(taken.length, 1);
});

test('a session sets one new password', async () => {
  const Username = unique();
  const TemporaryPassword = 'Temporary-7';
  const create = { UserPoolId, Username, TemporaryPassword, MessageAction: 'SUPPRESS' };
  await admin.adminCreateUser(create);
  const { Session } = await anyone.initiateAuth({
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: Username, PASSWORD: TemporaryPassword },
  });
  const { taken, refused } = await together((n) =>
    anyone.respondToAuthChallenge({
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: `New-Horse-${n}-7` },
    }),
  );
  assert.equal(taken.length, 1);
  assert.deepEqual([...refused], ['NotAuthorizedException']);
});

test('a rotated refresh token gives one successor', async () => {
  const client = await createClient(UserPoolId, {
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  });
  const { username } = await createUser(UserPoolId);
  const { RefreshToken } = await signIn(UserPoolId, client.ClientId, username);
  const { taken } = await together(() =>
    anyone.getTokensFromRefreshToken({ ClientId: client.ClientId, RefreshToken }),
  );
  assert.equal(taken.length, 1);
});

test('one of many makes a group', async () => {
  const GroupName = unique('group');
  const { taken, refused } = await together(() => admin.createGroup({ UserPoolId, GroupName }));
  assert.equal(taken.length, 1);
  assert.deepEqual([...refused], ['GroupExistsException']);
});

test('many who guess together are locked out as if one after the other', async () => {
  const { username } = await createUser(UserPoolId);
  const guess = () =>
    anyone.initiateAuth({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: 'Wrong-Horse-7' },
    });
  const settled = await Promise.allSettled(Array.from({ length: AT_ONCE }, guess));
  const messages = settled.map((one) => one.reason.message);
  const looked = messages.filter((message) => message === 'Incorrect username or password.');
  const shut = messages.filter((message) => message === 'Password attempts exceeded');
  assert.equal(looked.length + shut.length, AT_ONCE);
  assert.ok(shut.length >= AT_ONCE - 7, `${looked.length} guesses were looked at`);
});

test('tokens of a new pool come from one pair of keys', async () => {
  const poolId = await createPool();
  const client = await createClient(poolId);
  const { username } = await createUser(poolId);
  const { taken } = await together(() => signIn(poolId, client.ClientId, username));
  assert.equal(taken.length, AT_ONCE);
  const kids = (kind) =>
    taken.map((tokens) => JSON.parse(Buffer.from(tokens[kind].split('.')[0], 'base64url')).kid);
  assert.equal(new Set(kids('IdToken')).size, 1);
  assert.equal(new Set(kids('AccessToken')).size, 1);
  for (const { AccessToken } of taken) {
    assert.equal((await anyone.getUser({ AccessToken })).Username, username);
  }
});
