// What does `cognate/client` make of a real service?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  confirmSignUp,
  createClient,
  getSession,
  getUser,
  hasGroup,
  hasScope,
  memoryStorage,
  resendConfirmationCode,
  respond,
  signIn,
  signOut,
  signUp,
} from '../../js/dist/client.js';

import {
  admin,
  anotherCode,
  codeSentTo,
  createClient as createAppClient,
  createPool,
  createUser,
  ENDPOINT,
  joinGroups,
  PASSWORD,
  unique,
  uniqueEmail,
} from '../sdk/world.mjs';

async function start(settings = {}, options = {}) {
  const userPoolId = await createPool();
  const { ClientId: clientId, ClientSecret: clientSecret } = await createAppClient(
    userPoolId,
    settings,
  );
  return createClient({ userPoolId, clientId, clientSecret, endpoint: ENDPOINT, ...options });
}

async function signInAs(client, username, more = {}) {
  const next = await signIn(client, { username, password: PASSWORD, ...more });
  assert.equal(next.step, 'done');
  return next.session;
}

function code(wanted) {
  return (error) => {
    assert.equal(error.code, wanted, error.stack);
    return true;
  };
}

test('a user signs up, confirms, signs in by SRP, comes back and leaves', async () => {
  const storage = memoryStorage();
  const client = await start({}, { storage });
  const [username, email] = [unique(), uniqueEmail()];
  const signedUp = await signUp(client, { username, password: PASSWORD, attributes: { email } });
  assert.equal(signedUp.confirmed, false);
  assert.deepEqual(signedUp.delivery.medium, 'EMAIL');
  await assert.rejects(signIn(client, { username, password: PASSWORD }), code('userNotConfirmed'));

  assert.equal((await resendConfirmationCode(client, { username })).attribute, 'email');
  const right = await codeSentTo(email);
  const wrong = { username, code: anotherCode(right) };
  await assert.rejects(confirmSignUp(client, wrong), code('codeMismatch'));
  await confirmSignUp(client, { username, code: right });

  const session = await signInAs(client, username);
  assert.equal(session.idClaims.sub, signedUp.sub);
  assert.ok(hasScope(session.accessClaims, 'aws.cognito.signin.user.admin'));
  const user = await getUser(client);
  assert.deepEqual([user.username, user.attributes.email], [username, email]);

  const { userPoolId, clientId } = client;
  const later = createClient({ userPoolId, clientId, endpoint: ENDPOINT, storage });
  const renewed = await getSession(later, { refresh: true });
  assert.notEqual(renewed.accessToken, session.accessToken);

  assert.deepEqual(await signOut(later), { revoked: true });
  assert.equal(await getSession(client), null);
});

test('a password is refused without a word about the user', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  for (const method of ['srp', 'password']) {
    const input = { username, password: 'Wrong-Horse-7', method };
    await assert.rejects(signIn(client, input), (error) => {
      assert.equal(error.message, 'Incorrect username or password.');
      return code('notAuthorized')(error);
    });
    await signInAs(client, username, { method });
  }
});

test('groups are in the tokens', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  await joinGroups(client.userPoolId, username);
  const { idClaims, accessClaims } = await signInAs(client, username);
  assert.ok(hasGroup(idClaims, 'admins') && hasGroup(accessClaims, 'readers'));
  assert.ok(!hasGroup(idClaims, 'writers'));
});

test('a temporary password has to be replaced', async () => {
  const client = await start();
  const username = unique();
  await admin.adminCreateUser({
    UserPoolId: client.userPoolId,
    Username: username,
    TemporaryPassword: 'Temporary-1',
    MessageAction: 'SUPPRESS',
  });
  const next = await signIn(client, { username, password: 'Temporary-1' });
  assert.equal(next.step, 'newPassword');
  await assert.rejects(respond(client, next, { newPassword: 'short' }), code('invalidPassword'));
  const done = await respond(client, next, { newPassword: PASSWORD });
  assert.equal(done.step, 'done');
  await signInAs(client, username);
});

test('tokens rotate, and a thief of an old one ends the session', async () => {
  const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 };
  const ExplicitAuthFlows = ['ALLOW_USER_SRP_AUTH'];
  const client = await start({ RefreshTokenRotation, ExplicitAuthFlows });
  const { username } = await createUser(client.userPoolId);
  const stolen = await signInAs(client, username);
  const renewed = await getSession(client, { refresh: true });
  assert.notEqual(renewed.refreshToken, stolen.refreshToken);
  assert.ok(await getSession(client, { refresh: true }));

  const { userPoolId, clientId } = client;
  const storage = memoryStorage();
  const { accessToken, idToken, refreshToken } = stolen;
  const kept = { version: 1, accessToken, idToken, refreshToken, expiresAt: 0 };
  storage.set(`cognate.${clientId}`, JSON.stringify(kept));
  const thief = createClient({ userPoolId, clientId, endpoint: ENDPOINT, storage });
  await assert.rejects(getSession(thief), code('sessionEnded'));
  await assert.rejects(getSession(client, { refresh: true }), code('sessionEnded'));
});

test('signing out everywhere ends the session on another device', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  const { userPoolId, clientId } = client;
  const other = createClient({ userPoolId, clientId, endpoint: ENDPOINT });
  await signInAs(client, username);
  await signInAs(other, username);
  await signOut(client, { everywhere: true });
  await assert.rejects(getUser(other), code('sessionEnded'));
  assert.equal(await getSession(other), null);
});

test('a client with a secret does everything as well', async () => {
  const client = await start({ GenerateSecret: true });
  const [username, email] = [unique(), uniqueEmail()];
  await signUp(client, { username, password: PASSWORD, attributes: { email } });
  await confirmSignUp(client, { username, code: await codeSentTo(email) });
  await signInAs(client, username);
  assert.ok(await getSession(client, { refresh: true }));
  assert.deepEqual(await signOut(client), { revoked: true });
});
