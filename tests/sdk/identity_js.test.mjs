// Does amazon-cognito-identity-js work, unmodified but for its endpoint?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
} from 'amazon-cognito-identity-js';

import { client } from './matrix.mjs';
import {
  ENDPOINT,
  PASSWORD,
  admin,
  anotherCode,
  assertGroups,
  codeSentTo,
  createClient,
  createPool,
  joinGroups,
  lastSentTo,
  unique,
  uniqueEmail,
} from './world.mjs';

const step = client('amazon-cognito-identity-js');

const CHOSEN = 'Another-Horse-8';
const username = unique();
const email = uniqueEmail();
let poolId;
let clientId;
let pool;
let sub;

before(async () => {
  poolId = await createPool();
  ({ ClientId: clientId } = await createClient(poolId));
  pool = new CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: ENDPOINT });
});

/** The user as a browser holds it: apart from any other, so that nothing is shared by accident. */
function user(name = username) {
  return new CognitoUser({ Username: name, Pool: pool });
}

/** The result of a function that takes a Node callback last. */
function called(run) {
  return new Promise((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Signs in; gives `{ session }`, or `{ newPasswordRequired }` with what came with it. */
function authenticated(user, password, flow) {
  if (flow) user.setAuthenticationFlowType(flow);
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
  return new Promise((resolve, reject) => {
    user.authenticateUser(details, {
      onSuccess: (session) => resolve({ session }),
      onFailure: reject,
      newPasswordRequired: (attributes, required) =>
        resolve({ newPasswordRequired: { attributes, required } }),
    });
  });
}

step('sign up', async () => {
  const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })];
  const result = await called((done) => pool.signUp(username, PASSWORD, attributes, null, done));
  assert.equal(result.userConfirmed, false);
  assert.equal(result.user.getUsername(), username);
  assert.equal(result.codeDeliveryDetails.AttributeName, 'email');
  assert.equal(result.codeDeliveryDetails.DeliveryMedium, 'EMAIL');
  assert.match(result.codeDeliveryDetails.Destination, /^m\*\*\*@e\*\*\*$/);
  assert.match(result.userSub, /^[0-9a-f-]{36}$/);
  sub = result.userSub;
});

step('an unconfirmed user is refused', async () => {
  await assert.rejects(authenticated(user(), PASSWORD), {
    name: 'UserNotConfirmedException',
    code: 'UserNotConfirmedException',
    message: 'User is not confirmed.',
  });
});

step('resend the code', async () => {
  const first = await lastSentTo(email);
  const result = await called((done) => user().resendConfirmationCode(done));
  assert.equal(result.CodeDeliveryDetails.DeliveryMedium, 'EMAIL');
  const second = await lastSentTo(email);
  assert.equal(first.reason, 'SignUp');
  assert.equal(second.reason, 'ResendCode');
  assert.match(second.code, /^\d{6}$/);
});

step('confirm with the code that was sent', async () => {
  const code = await codeSentTo(email);
  const wrong = called((done) => user().confirmRegistration(anotherCode(code), true, done));
  await assert.rejects(wrong, {
    name: 'CodeMismatchException',
    message: 'Invalid verification code provided, please try again.',
  });
  const result = await called((done) => user().confirmRegistration(code, true, done));
  assert.equal(result, 'SUCCESS');
});

step('sign in by SRP', async () => {
  const { session } = await authenticated(user(), PASSWORD);
  assert.ok(session.isValid());
  assert.equal(session.getIdToken().payload['cognito:username'], username);
  assert.equal(session.getIdToken().payload.aud, clientId);
  assert.equal(session.getAccessToken().payload.client_id, clientId);
  assert.equal(session.getAccessToken().payload.sub, sub);
  assert.ok(session.getRefreshToken().getToken());
});

step('sign in by password', async () => {
  const { session } = await authenticated(user(), PASSWORD, 'USER_PASSWORD_AUTH');
  assert.ok(session.isValid());
  assert.equal(session.getAccessToken().payload.username, username);
});

step('a wrong password is refused', async () => {
  const refusal = {
    name: 'NotAuthorizedException',
    code: 'NotAuthorizedException',
    message: 'Incorrect username or password.',
  };
  await assert.rejects(authenticated(user(), 'Wrong-Horse-7'), refusal);
  await assert.rejects(authenticated(user(), 'Wrong-Horse-7', 'USER_PASSWORD_AUTH'), refusal);
  assert.ok((await authenticated(user(), PASSWORD)).session.isValid());
});

step('the tokens carry the groups', async () => {
  await joinGroups(poolId, username);
  const { session } = await authenticated(user(), PASSWORD);
  assertGroups(session.getIdToken().payload, session.getAccessToken().payload);
});

step('complete a new password', async () => {
  const invited = unique('invited');
  await admin.adminCreateUser({
    UserPoolId: poolId,
    Username: invited,
    TemporaryPassword: 'Temporary-7',
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: uniqueEmail() },
      { Name: 'email_verified', Value: 'true' },
    ],
  });
  const guest = user(invited);
  const { newPasswordRequired } = await authenticated(guest, 'Temporary-7');
  assert.ok(newPasswordRequired, 'a temporary password must be replaced');
  assert.match(newPasswordRequired.attributes.email, /@example\.com$/);
  assert.deepEqual(newPasswordRequired.required, []);
  const session = await new Promise((resolve, reject) => {
    const attributes = { name: 'Invited Guest' };
    guest.completeNewPasswordChallenge(PASSWORD, attributes, {
      onSuccess: resolve,
      onFailure: reject,
    });
  });
  assert.equal(session.getIdToken().payload.name, 'Invited Guest');
  assert.ok((await authenticated(user(invited), PASSWORD)).session.isValid());
  await assert.rejects(authenticated(user(invited), 'Temporary-7'), {
    name: 'NotAuthorizedException',
  });
});

step('read the user', async () => {
  const signedIn = user();
  await authenticated(signedIn, PASSWORD);
  const attributes = await called((done) => signedIn.getUserAttributes(done));
  const value = (name) => attributes.find((one) => one.getName() === name)?.getValue();
  assert.equal(value('sub'), sub);
  assert.equal(value('email'), email);
  assert.equal(value('email_verified'), 'true');
  const data = await called((done) => signedIn.getUserData(done, { bypassCache: true }));
  assert.equal(data.Username, username);
});

step('change the password', async () => {
  const signedIn = user();
  await authenticated(signedIn, PASSWORD);
  const change = (from, to) => called((done) => signedIn.changePassword(from, to, done));
  await assert.rejects(change('Wrong-Horse-7', CHOSEN), {
    name: 'NotAuthorizedException',
    message: 'Incorrect username or password.',
  });
  assert.equal(await change(PASSWORD, CHOSEN), 'SUCCESS');
  assert.ok((await authenticated(user(), CHOSEN)).session.isValid());
});

step('reset a forgotten password', async () => {
  const forgetful = user();
  const details = await new Promise((resolve, reject) => {
    forgetful.forgotPassword({ onSuccess: reject, onFailure: reject, inputVerificationCode: resolve });
  });
  assert.equal(details.CodeDeliveryDetails.DeliveryMedium, 'EMAIL');
  assert.equal((await lastSentTo(email)).reason, 'ForgotPassword');
  const code = await codeSentTo(email);
  const choose = (code) =>
    new Promise((resolve, reject) => {
      forgetful.confirmPassword(code, PASSWORD, { onSuccess: resolve, onFailure: reject });
    });
  await assert.rejects(choose(anotherCode(code)), {
    name: 'CodeMismatchException',
    message: 'Invalid verification code provided, please try again.',
  });
  assert.equal(await choose(code), 'SUCCESS');
  assert.ok((await authenticated(user(), PASSWORD)).session.isValid());
});

step('refresh', async () => {
  const signedIn = user();
  const { session } = await authenticated(signedIn, PASSWORD);
  const stored = await called((done) => pool.getCurrentUser().getSession(done));
  assert.equal(stored.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
  const fresh = await called((done) => signedIn.refreshSession(session.getRefreshToken(), done));
  assert.ok(fresh.isValid());
  assert.notEqual(fresh.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
  assert.equal(fresh.getAccessToken().payload.auth_time, session.getAccessToken().payload.auth_time);
  assert.equal(
    fresh.getAccessToken().payload.origin_jti,
    session.getAccessToken().payload.origin_jti,
  );
});

let left;

step('sign out everywhere', async () => {
  left = user();
  const { session } = await authenticated(left, PASSWORD);
  const elsewhere = user();
  await authenticated(elsewhere, PASSWORD);
  left.session = session;
  const result = await new Promise((resolve, reject) => {
    elsewhere.globalSignOut({ onSuccess: resolve, onFailure: reject });
  });
  assert.equal(result, 'SUCCESS');
});

step('refresh is refused after it', async () => {
  const token = left.session.getRefreshToken();
  const refusal = called((done) => left.refreshSession(token, done));
  await assert.rejects(refusal, {
    name: 'NotAuthorizedException',
    message: 'Refresh Token has been revoked',
  });
});

step('reading the user is refused after it', async () => {
  const guest = user();
  const { session } = await authenticated(guest, PASSWORD);
  const read = () => called((done) => guest.getUserData(done, { bypassCache: true }));
  await read();
  await admin.adminUserGlobalSignOut({ UserPoolId: poolId, Username: username });
  assert.ok(session.isValid(), 'the token has not expired');
  guest.setSignInUserSession(session);
  await assert.rejects(read(), {
    name: 'NotAuthorizedException',
    message: 'Access Token has been revoked',
  });
});

test('signing up twice names the fault as Cognito does', async () => {
  const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })];
  const again = called((done) => pool.signUp(username, PASSWORD, attributes, null, done));
  await assert.rejects(again, { name: 'UsernameExistsException', message: 'User already exists' });
});

test('signing out on one device revokes the tokens of that device alone', async () => {
  const here = user();
  const there = user();
  const { session: theirs } = await authenticated(there, PASSWORD);
  const { session: ours } = await authenticated(here, PASSWORD);
  await new Promise((resolve) => {
    here.signOut(resolve);
  });
  const refreshed = (session) =>
    called((done) => user().refreshSession(session.getRefreshToken(), done));
  await assert.rejects(refreshed(ours), { name: 'NotAuthorizedException' });
  assert.ok((await refreshed(theirs)).isValid());
});
