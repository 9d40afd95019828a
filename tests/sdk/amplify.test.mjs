// Does aws-amplify's Auth work, unmodified but for its endpoint?

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';

import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
  updatePassword,
} from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';

import { client } from './matrix.mjs';
import {
  ENDPOINT,
  PASSWORD,
  admin,
  anotherCode,
  anyone,
  assertGroups,
  codeSentTo,
  createClient,
  createPool,
  joinGroups,
  lastSentTo,
  refused,
  unique,
  uniqueEmail,
} from './world.mjs';

const step = client('aws-amplify v6');

const username = unique();
const email = uniqueEmail();
const storage = new Map();
let poolId;
let clientId;
let sub;

before(async () => {
  poolId = await createPool();
  ({ ClientId: clientId } = await createClient(poolId));
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: ENDPOINT },
    },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void storage.set(key, value),
    getItem: async (key) => storage.get(key) ?? null,
    removeItem: async (key) => void storage.delete(key),
    clear: async () => storage.clear(),
  });
});

// Amplify refuses to sign in over somebody who is signed in.
beforeEach(() => storage.clear());

const CHOSEN = 'Another-Horse-8';
const srp = { username, password: PASSWORD };
const plain = { ...srp, options: { authFlowType: 'USER_PASSWORD_AUTH' } };

/** The refresh token that Amplify keeps. */
function refreshToken() {
  return [...storage].find(([key]) => key.endsWith('.refreshToken'))[1];
}

step('sign up', async () => {
  const result = await signUp({ ...srp, options: { userAttributes: { email } } });
  assert.equal(result.isSignUpComplete, false);
  assert.equal(result.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  assert.equal(result.nextStep.codeDeliveryDetails.deliveryMedium, 'EMAIL');
  assert.equal(result.nextStep.codeDeliveryDetails.destination, 'm***@e***');
  sub = result.userId;
});

step('an unconfirmed user is refused', async () => {
  for (const how of [srp, plain]) {
    const { isSignedIn, nextStep } = await signIn(how);
    assert.equal(isSignedIn, false);
    assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_UP');
  }
});

step('resend the code', async () => {
  const details = await resendSignUpCode({ username });
  assert.equal(details.destination, 'm***@e***');
  assert.equal((await lastSentTo(email)).reason, 'ResendCode');
});

step('confirm with the code that was sent', async () => {
  const code = await codeSentTo(email);
  await assert.rejects(confirmSignUp({ username, confirmationCode: anotherCode(code) }), {
    name: 'CodeMismatchException',
    message: 'Invalid verification code provided, please try again.',
  });
  const result = await confirmSignUp({ username, confirmationCode: code });
  assert.equal(result.isSignUpComplete, true);
  assert.equal(result.nextStep.signUpStep, 'DONE');
});

step('sign in by SRP', async () => {
  const { isSignedIn, nextStep } = await signIn(srp);
  assert.equal(isSignedIn, true);
  assert.equal(nextStep.signInStep, 'DONE');
  assert.deepEqual(await getCurrentUser(), {
    username,
    userId: sub,
    signInDetails: { loginId: username, authFlowType: 'USER_SRP_AUTH' },
  });
});

step('sign in by password', async () => {
  assert.equal((await signIn(plain)).isSignedIn, true);
  assert.equal((await getCurrentUser()).userId, sub);
});

step('a wrong password is refused', async () => {
  const refusal = {
    name: 'NotAuthorizedException',
    message: 'Incorrect username or password.',
  };
  await assert.rejects(signIn({ ...srp, password: 'Wrong-Horse-7' }), refusal);
  await assert.rejects(signIn({ ...plain, password: 'Wrong-Horse-7' }), refusal);
  assert.equal((await signIn(srp)).isSignedIn, true);
});

step('the tokens carry the groups', async () => {
  await joinGroups(poolId, username);
  await signIn(srp);
  const { tokens, userSub } = await fetchAuthSession();
  assert.equal(userSub, sub);
  assertGroups(tokens.idToken.payload, tokens.accessToken.payload);
});

step('complete a new password', async () => {
  const invited = unique('invited');
  await admin.adminCreateUser({
    UserPoolId: poolId,
    Username: invited,
    TemporaryPassword: 'Temporary-7',
    MessageAction: 'SUPPRESS',
    UserAttributes: [{ Name: 'email', Value: uniqueEmail() }],
  });
  const first = await signIn({ username: invited, password: 'Temporary-7' });
  assert.equal(first.isSignedIn, false);
  assert.equal(first.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
  const second = await confirmSignIn({
    challengeResponse: PASSWORD,
    options: { userAttributes: { name: 'Invited Guest' } },
  });
  assert.equal(second.isSignedIn, true);
  assert.equal((await fetchUserAttributes()).name, 'Invited Guest');
  storage.clear();
  assert.equal((await signIn({ username: invited, password: PASSWORD })).isSignedIn, true);
});

step('read the user', async () => {
  await signIn(srp);
  const attributes = await fetchUserAttributes();
  assert.equal(attributes.email, email);
  assert.equal(attributes.email_verified, 'true');
  assert.equal(attributes.sub, sub);
});

step('change the password', async () => {
  await signIn(srp);
  await assert.rejects(updatePassword({ oldPassword: 'Wrong-Horse-7', newPassword: CHOSEN }), {
    name: 'NotAuthorizedException',
    message: 'Incorrect username or password.',
  });
  await updatePassword({ oldPassword: PASSWORD, newPassword: CHOSEN });
  storage.clear();
  assert.equal((await signIn({ username, password: CHOSEN })).isSignedIn, true);
});

step('reset a forgotten password', async () => {
  const { isPasswordReset, nextStep } = await resetPassword({ username });
  assert.equal(isPasswordReset, false);
  assert.equal(nextStep.resetPasswordStep, 'CONFIRM_RESET_PASSWORD_WITH_CODE');
  assert.deepEqual(nextStep.codeDeliveryDetails, {
    attributeName: 'email',
    deliveryMedium: 'EMAIL',
    destination: 'm***@e***',
  });
  const code = await codeSentTo(email);
  const choose = (confirmationCode) =>
    confirmResetPassword({ username, confirmationCode, newPassword: PASSWORD });
  await assert.rejects(choose(anotherCode(code)), {
    name: 'CodeMismatchException',
    message: 'Invalid verification code provided, please try again.',
  });
  await choose(code);
  assert.equal((await signIn(srp)).isSignedIn, true);
});

step('refresh', async () => {
  await signIn(srp);
  const before = (await fetchAuthSession()).tokens;
  const after = (await fetchAuthSession({ forceRefresh: true })).tokens;
  assert.notEqual(after.accessToken.toString(), before.accessToken.toString());
  assert.notEqual(after.idToken.toString(), before.idToken.toString());
  assert.equal(after.accessToken.payload.origin_jti, before.accessToken.payload.origin_jti);
  assert.equal(after.accessToken.payload.auth_time, before.accessToken.payload.auth_time);
});

let elsewhere;

step('sign out everywhere', async () => {
  await signIn(srp);
  elsewhere = [...storage];
  storage.clear();
  await signIn(srp);
  await signOut({ global: true });
  await assert.rejects(getCurrentUser(), { name: 'UserUnAuthenticatedException' });
});

step('refresh is refused after it', async () => {
  for (const [key, value] of elsewhere) storage.set(key, value);
  const RefreshToken = refreshToken();
  const { tokens } = await fetchAuthSession({ forceRefresh: true });
  assert.equal(tokens, undefined, 'Amplify drops a session whose refresh was refused');
  await refused(
    anyone.getTokensFromRefreshToken({ ClientId: clientId, RefreshToken }),
    'NotAuthorizedException',
    'Refresh Token has been revoked',
  );
});

step('reading the user is refused after it', async () => {
  for (const [key, value] of elsewhere) storage.set(key, value);
  await assert.rejects(fetchUserAttributes(), {
    name: 'NotAuthorizedException',
    message: 'Access Token has been revoked',
  });
});

test('signing out here revokes the refresh token of this session', async () => {
  await signIn(srp);
  const RefreshToken = refreshToken();
  await signOut();
  await refused(
    anyone.getTokensFromRefreshToken({ ClientId: clientId, RefreshToken }),
    'NotAuthorizedException',
    'Refresh Token has been revoked',
  );
});

test('faults keep the names of Cognito', async () => {
  await assert.rejects(signUp({ ...srp, options: { userAttributes: { email } } }), {
    name: 'UsernameExistsException',
    message: 'User already exists',
  });
  const short = { username: unique(), password: 'Sh0rt-!', options: { userAttributes: { email } } };
  await assert.rejects(signUp(short), {
    name: 'InvalidPasswordException',
    message: 'Password did not conform with policy: Password not long enough',
  });
});
