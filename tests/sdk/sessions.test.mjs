// Are sessions listed, bounded and ended as in Cognito?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import {
  ENDPOINT,
  PASSWORD,
  REGION,
  admin,
  allRefused,
  anyone,
  claims,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  refused,
  signIn,
} from './world.mjs';

const REVOKED = ['NotAuthorizedException', 'Access Token has been revoked'];

let UserPoolId;
let ClientId;

/** A pool that keeps track of sessions, and a client of it. */
async function tracking(MaxPerUser = 20) {
  const poolId = await createPool();
  await admin.setUserPoolSessionConfiguration({
    UserPoolId: poolId,
    UserSessionTracking: 'ENABLED',
    TokenSession: { MaxPerUser },
  });
  return { poolId, clientId: (await createClient(poolId)).ClientId };
}

before(async () => {
  ({ poolId: UserPoolId, clientId: ClientId } = await tracking());
});

const refresh = ({ RefreshToken }, clientId = ClientId) =>
  anyone.getTokensFromRefreshToken({ ClientId: clientId, RefreshToken });

const listed = async (AccessToken) => (await anyone.listUserSessions({ AccessToken })).Sessions;

/** Signs in from that address, as Cloudflare tells it. */
async function signInFrom(address, USERNAME) {
  const client = new CognitoIdentityProvider({ endpoint: ENDPOINT, region: REGION, maxAttempts: 1 });
  const tell = (next) => (args) => {
    args.request.headers['cf-connecting-ip'] = address;
    return next(args);
  };
  client.middlewareStack.add(tell, { step: 'finalizeRequest' });
  const { AuthenticationResult } = await client.initiateAuth({
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD },
  });
  return AuthenticationResult;
}

/** That session can do nothing any more. */
async function ended(tokens, clientId = ClientId, [name, message] = REVOKED) {
  const { AccessToken } = tokens;
  const UserAttributes = [{ Name: 'nickname', Value: 'late' }];
  await allRefused(
    [
      anyone.getUser({ AccessToken }),
      anyone.listUserSessions({ AccessToken }),
      anyone.updateUserAttributes({ AccessToken, UserAttributes }),
      anyone.changePassword({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: PASSWORD }),
    ],
    name,
    message,
  );
  await refused(refresh(tokens, clientId), 'NotAuthorizedException');
}

test('how sessions are kept is told as it was said', async () => {
  const poolId = await createPool();
  const { ClientId: clientId } = await createClient(poolId);
  const named = { UserPoolId: poolId, ClientId: clientId };
  const told = async () => {
    const { $metadata, ...rest } = await admin.getUserPoolSessionConfiguration({ UserPoolId: poolId });
    return rest;
  };
  const settings = (UserSessionTracking, MaxPerUser) => ({
    UserPoolId: poolId,
    UserSessionTracking,
    TokenSession: { MaxPerUser },
  });
  assert.deepEqual(await told(), settings('DISABLED', 20));
  const SSOSession = { MaxValidityMinutes: 15 };
  const notEnabled = 'OperationNotEnabledException';
  await refused(admin.setUserPoolClientSessionConfiguration({ ...named, SSOSession }), notEnabled);
  const { username: Username } = await createUser(poolId);
  const { AccessToken } = await signIn(poolId, clientId, Username);
  await refused(anyone.listUserSessions({ AccessToken }), notEnabled);
  await refused(admin.adminListUserSessions({ UserPoolId: poolId, Username }), notEnabled);

  await admin.setUserPoolSessionConfiguration(settings('ENABLED', 3));
  assert.deepEqual(await told(), settings('ENABLED', 3));
  const client = async () => (await admin.getUserPoolClientSessionConfiguration(named)).SSOSession;
  assert.deepEqual(await client(), { MaxValidityMinutes: 60 });
  await admin.setUserPoolClientSessionConfiguration({ ...named, SSOSession });
  assert.deepEqual(await client(), SSOSession);
  for (const wrong of [0, 101]) {
    const set = admin.setUserPoolSessionConfiguration(settings('ENABLED', wrong));
    await refused(set, 'InvalidParameterException');
  }
  assert.deepEqual(await told(), settings('ENABLED', 3));
});

test('a user sees where it is signed in, and signs out elsewhere', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const started = Date.now();
  const here = await signInFrom('198.51.100.7', Username);
  const there = await signInFrom('2001:db8::7', Username);
  const both = await listed(here.AccessToken);
  assert.equal(both.length, 2);
  for (const session of both) {
    assert.equal(session.SessionType, 'TOKEN');
    assert.equal(session.ClientId, ClientId);
    assert.match(session.DeviceType, /^AWS SDK/);
    assert.ok(Math.abs(session.CreateDate - started) < 60_000);
    assert.ok(session.LastActiveDate >= session.CreateDate);
  }
  const current = both.filter((session) => session.IsCurrentSession);
  assert.equal(current.length, 1);
  const other = both.find((session) => !session.IsCurrentSession);
  assert.deepEqual([current[0].LastIPAddress, other.LastIPAddress], ['198.51.100.7', '2001:db8::7']);

  const own = { AccessToken: here.AccessToken, SessionId: current[0].SessionId };
  await refused(anyone.revokeUserSession(own), 'InvalidParameterException');
  await anyone.revokeUserSession({ AccessToken: here.AccessToken, SessionId: other.SessionId });
  await ended(there);
  const left = await listed(here.AccessToken);
  assert.deepEqual(left.map((session) => session.SessionId), [current[0].SessionId]);
  await refused(
    anyone.revokeUserSession({ AccessToken: here.AccessToken, SessionId: other.SessionId }),
    'ResourceNotFoundException',
  );
  assert.ok((await refresh(here)).AuthenticationResult.AccessToken);
});

test('the last use of a session is its sign-in or its last refresh', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const tokens = await signIn(UserPoolId, ClientId, Username);
  const [before] = await listed(tokens.AccessToken);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const renewed = await refresh(tokens);
  const [after] = await listed(renewed.AuthenticationResult.AccessToken);
  assert.equal(after.SessionId, before.SessionId);
  assert.equal(after.IsCurrentSession, true);
  assert.ok(after.LastActiveDate > before.LastActiveDate);
  assert.deepEqual(after.CreateDate, before.CreateDate);
});

test('an administrator sees the sessions of a user, and ends one', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const [one, two] = [
    await signIn(UserPoolId, ClientId, Username),
    await signIn(UserPoolId, ClientId, Username),
  ];
  const sessions = async () => (await admin.adminListUserSessions({ UserPoolId, Username })).Sessions;
  assert.equal((await sessions()).length, 2);
  const SessionId = (await listed(one.AccessToken)).find((session) => session.IsCurrentSession).SessionId;
  await admin.adminRevokeUserSession({ UserPoolId, Username, SessionId });
  await ended(one);
  assert.equal((await anyone.getUser({ AccessToken: two.AccessToken })).Username, Username);
  assert.deepEqual((await sessions()).length, 1);
  await allRefused(
    [
      admin.adminRevokeUserSession({ UserPoolId, Username, SessionId }),
      admin.adminRevokeUserSession({ UserPoolId, Username, SessionId: `tkn${'0'.repeat(25)}` }),
    ],
    'ResourceNotFoundException',
  );
  const stranger = { UserPoolId, Username: 'nobody-at-all' };
  await refused(admin.adminListUserSessions(stranger), 'UserNotFoundException');
});

test('nobody ends the session of somebody else', async () => {
  const [ann, bob] = [await createUser(UserPoolId), await createUser(UserPoolId)];
  const tokens = await signIn(UserPoolId, ClientId, ann.username);
  const others = await signIn(UserPoolId, ClientId, bob.username);
  const [{ SessionId }] = await listed(tokens.AccessToken);
  await allRefused(
    [
      anyone.revokeUserSession({ AccessToken: others.AccessToken, SessionId }),
      admin.adminRevokeUserSession({ UserPoolId, Username: bob.username, SessionId }),
    ],
    'ResourceNotFoundException',
  );
  await anyone.getUser({ AccessToken: tokens.AccessToken });
});

test('one session too many ends the one that was used least lately', async () => {
  const { poolId, clientId } = await tracking(2);
  const { username } = await createUser(poolId);
  const first = await signIn(poolId, clientId, username);
  const second = await signIn(poolId, clientId, username);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const renewed = (await refresh(first, clientId)).AuthenticationResult;
  const third = await signIn(poolId, clientId, username);
  await ended(second, clientId);
  for (const { AccessToken } of [first, renewed, third]) await anyone.getUser({ AccessToken });
  assert.equal((await listed(third.AccessToken)).length, 2);
});

test('sessions end with everything that ends them', async () => {
  const endings = {
    'signing out everywhere': ({ AccessToken }) => anyone.globalSignOut({ AccessToken }),
    'being signed out by an administrator': (_, Username) =>
      admin.adminUserGlobalSignOut({ UserPoolId, Username }),
    'the revocation of the refresh token': ({ RefreshToken: Token }) =>
      anyone.revokeToken({ ClientId, Token }),
  };
  for (const [what, end] of Object.entries(endings)) {
    const { username: Username } = await createUser(UserPoolId);
    const tokens = await signIn(UserPoolId, ClientId, Username);
    await end(tokens, Username);
    await ended(tokens);
    const { Sessions } = await admin.adminListUserSessions({ UserPoolId, Username });
    assert.deepEqual(Sessions, [], what);
  }
});

test('sessions of a disabled user are over, also when the user is enabled again', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const tokens = await signIn(UserPoolId, ClientId, Username);
  await admin.adminDisableUser({ UserPoolId, Username });
  await ended(tokens, ClientId, ['NotAuthorizedException', 'User is disabled.']);
  assert.deepEqual((await admin.adminListUserSessions({ UserPoolId, Username })).Sessions, []);
  await admin.adminEnableUser({ UserPoolId, Username });
  await ended(tokens);
  const again = await signIn(UserPoolId, ClientId, Username);
  assert.equal((await listed(again.AccessToken)).length, 1);
});

test('sessions of a deleted user are nobody\'s, also of the next user of that name', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const tokens = await signIn(UserPoolId, ClientId, Username);
  await anyone.deleteUser({ AccessToken: tokens.AccessToken });
  await ended(tokens, ClientId, ['UserNotFoundException', 'User does not exist.']);
  await createUser(UserPoolId, { username: Username });
  assert.deepEqual((await admin.adminListUserSessions({ UserPoolId, Username })).Sessions, []);
  const { AccessToken } = tokens;
  const refusal = await anyone.getUser({ AccessToken }).catch((error) => error);
  assert.equal(refusal.$metadata.httpStatusCode, 400, 'an old token is no good for a new user');
  await refused(refresh(tokens), 'NotAuthorizedException');
});

test('a forgotten password that is replaced leaves the sessions as they are listed', async () => {
  const { username: Username, email } = await createUser(UserPoolId);
  const tokens = await signIn(UserPoolId, ClientId, Username);
  const { origin_jti: origin } = claims(tokens.AccessToken);
  assert.ok(origin);
  await anyone.forgotPassword({ ClientId, Username });
  const ConfirmationCode = await codeSentTo(email);
  const Password = 'Another-Horse-8';
  await anyone.confirmForgotPassword({ ClientId, Username, ConfirmationCode, Password });
  const { Sessions } = await admin.adminListUserSessions({ UserPoolId, Username });
  const works = await refresh(tokens).then(() => true, () => false);
  assert.equal(Sessions.length, works ? 1 : 0, 'what is listed is what works');
});
