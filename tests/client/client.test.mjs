// What does `cognate/client` make of a real service?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  changePassword,
  confirmForgotPassword,
  confirmSignUp,
  createClient,
  deleteUser,
  deleteUserAttributes,
  forgotPassword,
  getSession,
  getUser,
  getUserAttributeVerificationCode,
  hasGroup,
  hasScope,
  memoryStorage,
  resendConfirmationCode,
  respond,
  signIn,
  signOut,
  signUp,
  updateUserAttributes,
  verifyUserAttribute,
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

test('a forgotten password is replaced with the code that came', async () => {
  const client = await start();
  const { username, email } = await createUser(client.userPoolId);
  const sent = await forgotPassword(client, { username });
  assert.deepEqual([sent.medium, sent.attribute], ['EMAIL', 'email']);
  assert.ok(!sent.destination.includes(email), 'the address is masked');
  const right = await codeSentTo(email);
  const replace = (code, newPassword) =>
    confirmForgotPassword(client, { username, code, newPassword });
  await assert.rejects(replace(anotherCode(right), 'Another-Horse-8'), code('codeMismatch'));
  await assert.rejects(replace(right, 'short'), code('invalidPassword'));
  await replace(right, 'Another-Horse-8');
  await assert.rejects(signIn(client, { username, password: PASSWORD }), code('notAuthorized'));
  await signInAs(client, username, { password: 'Another-Horse-8' });
});

test('a password is changed by whoever knows it and is signed in', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  await signInAs(client, username);
  const change = (currentPassword, newPassword) =>
    changePassword(client, { currentPassword, newPassword });
  await assert.rejects(change('Wrong-Horse-7', 'Another-Horse-8'), code('notAuthorized'));
  await assert.rejects(change(PASSWORD, 'short'), code('invalidPassword'));
  assert.ok(await getUser(client), 'still signed in');
  await change(PASSWORD, 'Another-Horse-8');
  await signInAs(client, username, { password: 'Another-Horse-8' });
});

test('attributes are changed, proven and taken away', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  await signInAs(client, username);
  const email = uniqueEmail();
  const sent = await updateUserAttributes(client, { email, name: 'Ann', nickname: 'A' });
  assert.deepEqual(sent.map(({ attribute }) => attribute), ['email']);
  const changed = (await getUser(client)).attributes;
  assert.deepEqual([changed.email, changed.email_verified, changed.name], [email, 'false', 'Ann']);

  const first = await codeSentTo(email);
  const again = await getUserAttributeVerificationCode(client, 'email');
  assert.equal(again.attribute, 'email');
  const right = await codeSentTo(email);
  const wrong = { name: 'email', code: anotherCode(right) };
  await assert.rejects(verifyUserAttribute(client, wrong), code('codeMismatch'));
  if (first !== right) {
    const old = { name: 'email', code: first };
    await assert.rejects(verifyUserAttribute(client, old), code('codeMismatch'));
  }
  await verifyUserAttribute(client, { name: 'email', code: right });
  await deleteUserAttributes(client, ['nickname']);
  const { attributes } = await getUser(client);
  assert.deepEqual([attributes.email_verified, attributes.nickname], ['true', undefined]);
  await assert.rejects(updateUserAttributes(client, { sub: 'x' }), (error) => {
    return ['invalidParameter', 'notAuthorized'].includes(error.code);
  });
});

test('whoever deletes the account is signed out, here and elsewhere', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  const { userPoolId, clientId } = client;
  const other = createClient({ userPoolId, clientId, endpoint: ENDPOINT });
  await signInAs(client, username);
  await signInAs(other, username);
  await deleteUser(client);
  assert.equal(await getSession(client), null);
  await assert.rejects(getSession(other, { refresh: true }), code('sessionEnded'));
  assert.equal(await getSession(other), null);
  await assert.rejects(signIn(client, { username, password: PASSWORD }), (error) => {
    return ['notAuthorized', 'userNotFound'].includes(error.code);
  });
});

test('two clients that refresh at once with one storage both go on, though tokens rotate', async () => {
  const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 };
  const storage = { ...memoryStorage(), shared: true };
  const one = await start({ RefreshTokenRotation, ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }, { storage });
  const { userPoolId, clientId } = one;
  const other = createClient({ userPoolId, clientId, endpoint: ENDPOINT, storage });
  const { username } = await createUser(userPoolId);
  await signInAs(one, username);
  const key = `cognate.${clientId}`;
  for (let round = 0; round < 3; round++) {
    const kept = JSON.parse(storage.get(key));
    storage.set(key, JSON.stringify({ ...kept, expiresAt: Date.now() + 1000 }));
    const [first, second] = await Promise.all([getSession(one), getSession(other)]);
    assert.equal(first.refreshToken, second.refreshToken);
    assert.notEqual(first.refreshToken, kept.refreshToken);
  }
  assert.ok((await getUser(one)).username);
  assert.ok((await getUser(other)).username);
});

test('two clients that know nothing of each other may refresh at once with the same token', async () => {
  const one = await start();
  const { userPoolId, clientId } = one;
  const { username } = await createUser(userPoolId);
  const { accessToken, idToken, refreshToken } = await signInAs(one, username);
  const storage = memoryStorage();
  const kept = { version: 1, accessToken, idToken, refreshToken, expiresAt: 0 };
  storage.set(`cognate.${clientId}`, JSON.stringify(kept));
  const other = createClient({ userPoolId, clientId, endpoint: ENDPOINT, storage });
  await Promise.all([getSession(one, { refresh: true }), getSession(other)]);
  assert.ok((await getUser(one)).username);
  assert.ok((await getUser(other)).username);
});

test('a session that an administrator ended is over, and is told once', async () => {
  const client = await start();
  const { username } = await createUser(client.userPoolId);
  await signInAs(client, username);
  await admin.adminUserGlobalSignOut({ UserPoolId: client.userPoolId, Username: username });
  await assert.rejects(getUser(client), code('sessionEnded'));
  assert.equal(await getSession(client), null);
  await assert.rejects(getUser(client), code('notSignedIn'));

  await signInAs(client, username);
  await admin.adminDisableUser({ UserPoolId: client.userPoolId, Username: username });
  await assert.rejects(getSession(client, { refresh: true }), code('sessionEnded'));
  await assert.rejects(signIn(client, { username, password: PASSWORD }), code('notAuthorized'));
});

test('a stored session that was tampered with is refused, and nobody is signed in by it', async () => {
  const storage = memoryStorage();
  const client = await start({}, { storage });
  const { username } = await createUser(client.userPoolId);
  const { accessToken, idToken } = await signInAs(client, username);
  const key = `cognate.${client.clientId}`;
  const spoil = (token) => `${token.slice(0, -9)}AAAAAAAAA`;
  const session = { version: 1, accessToken: spoil(accessToken), idToken, expiresAt: Date.now() + 3_600_000 };
  storage.set(key, JSON.stringify({ ...session, refreshToken: 'not-a-refresh-token' }));
  await assert.rejects(getUser(client), code('sessionEnded'));
  assert.equal(await getSession(client), null);
  storage.set(key, '{"version":1');
  await assert.rejects(getSession(client), code('storage'));
  await signInAs(client, username);
  assert.equal((await getUser(client)).username, username);
});
