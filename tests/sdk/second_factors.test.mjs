// Do real clients get through every step that may follow the password?

import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { Amplify } from 'aws-amplify';
import {
  autoSignIn,
  confirmSignIn,
  confirmSignUp,
  fetchDevices,
  fetchMFAPreference,
  fetchUserAttributes,
  forgetDevice,
  rememberDevice,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';

import { Authenticator } from './authenticator.mjs';
import {
  ENDPOINT,
  PASSWORD,
  admin,
  anotherCode,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  unique,
  uniqueEmail,
} from './world.mjs';

/** Amplify waits three minutes for somebody to go on after a sign-up, even once they did. */
function endsWithItsTests(t) {
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, 'setTimeout', (...given) => {
    const timer = setTimeout(...given);
    if (given[1] >= 60_000) timer.unref();
    return timer;
  });
}

// Amplify names a device by its browser.
globalThis.navigator ??= { userAgent: 'a browser', platform: 'a test' };

const ROLE = 'arn:aws:iam::123456789012:role/sms';
const storage = new Map();

/** A pool that takes every factor, and a client that allows every flow. */
async function factors(MfaConfiguration, settings = {}) {
  const poolId = await createPool({
    Policies: {
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] },
    },
    ...settings,
  });
  await admin.setUserPoolMfaConfig({
    UserPoolId: poolId,
    MfaConfiguration,
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: ROLE } },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
  });
  const { ClientId: clientId } = await createClient(poolId, {
    ExplicitAuthFlows: [
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
    ],
  });
  return { poolId, clientId };
}

function configure({ poolId, clientId }) {
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
}

let phones = 0;

/** A phone number that nobody else has. */
function uniquePhone() {
  phones += 1;
  const tail = String((Date.now() % 1_000_000) * 10 + phones).padStart(7, '0');
  return `+1206${tail.slice(-7)}`;
}

async function givePhone(poolId, username) {
  const phone = uniquePhone();
  await admin.adminUpdateUserAttributes({
    UserPoolId: poolId,
    Username: username,
    UserAttributes: [{ Name: 'phone_number', Value: phone }],
  });
  return phone;
}

describe('aws-amplify v6', () => {
  let optional;
  let required;

  before(async () => {
    [optional, required] = await Promise.all([factors('OPTIONAL'), factors('ON')]);
  });

  // Amplify refuses to sign in over somebody who is signed in.
  beforeEach(() => storage.clear());

  test('an authenticator app is set up, preferred and asked for', async () => {
    configure(optional);
    const { username } = await createUser(optional.poolId);
    assert.equal((await signIn({ username, password: PASSWORD })).isSignedIn, true);
    const app = new Authenticator((await setUpTOTP()).sharedSecret);
    const code = await app.code();
    await assert.rejects(verifyTOTPSetup({ code: anotherCode(code) }), {
      name: 'EnableSoftwareTokenMFAException',
    });
    await verifyTOTPSetup({ code });
    await updateMFAPreference({ totp: 'PREFERRED' });
    assert.deepEqual(await fetchMFAPreference(), { enabled: ['TOTP'], preferred: 'TOTP' });
    storage.clear();

    const { isSignedIn, nextStep } = await signIn({ username, password: PASSWORD });
    assert.equal(isSignedIn, false);
    assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    const right = await app.code();
    await assert.rejects(confirmSignIn({ challengeResponse: anotherCode(right) }), {
      name: 'CodeMismatchException',
      message: 'Invalid code received for user',
    });
    assert.equal((await confirmSignIn({ challengeResponse: right })).isSignedIn, true);
    await updateMFAPreference({ totp: 'DISABLED' });
    assert.equal((await fetchMFAPreference()).enabled, undefined);
    storage.clear();
    assert.equal((await signIn({ username, password: PASSWORD })).isSignedIn, true);
  });

  test('a code is sent by text or by mail, as the user chooses', async () => {
    configure(optional);
    const { username, email } = await createUser(optional.poolId);
    const phone = await givePhone(optional.poolId, username);
    await signIn({ username, password: PASSWORD });
    await updateMFAPreference({ sms: 'ENABLED', email: 'ENABLED' });
    for (const [choice, step, address] of [
      ['SMS', 'CONFIRM_SIGN_IN_WITH_SMS_CODE', phone],
      ['EMAIL', 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE', email],
    ]) {
      storage.clear();
      const first = await signIn({ username, password: PASSWORD });
      assert.equal(first.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION');
      assert.deepEqual(first.nextStep.allowedMFATypes, ['SMS', 'EMAIL']);
      const second = await confirmSignIn({ challengeResponse: choice });
      assert.equal(second.nextStep.signInStep, step);
      assert.equal(second.nextStep.codeDeliveryDetails.deliveryMedium, choice);
      const code = await codeSentTo(address);
      assert.equal((await confirmSignIn({ challengeResponse: code })).isSignedIn, true);
    }
    assert.equal((await fetchUserAttributes()).phone_number_verified, 'true');
  });

  test('an authenticator app is set up on the way in, where one is wanted', async () => {
    configure(required);
    const { username } = await createUser(required.poolId, { UserAttributes: [] });
    const first = await signIn({ username, password: PASSWORD });
    assert.equal(first.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION');
    assert.deepEqual([...first.nextStep.allowedMFATypes].sort(), ['EMAIL', 'TOTP']);
    const second = await confirmSignIn({ challengeResponse: 'TOTP' });
    assert.equal(second.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP');
    const app = new Authenticator(second.nextStep.totpSetupDetails.sharedSecret);
    assert.equal((await confirmSignIn({ challengeResponse: await app.code() })).isSignedIn, true);
    storage.clear();
    const again = await signIn({ username, password: PASSWORD });
    assert.equal(again.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    assert.equal((await confirmSignIn({ challengeResponse: await app.code() })).isSignedIn, true);
  });

  test('an address is set up on the way in, where one is wanted', async () => {
    configure(required);
    const { username } = await createUser(required.poolId, { UserAttributes: [] });
    await signIn({ username, password: PASSWORD });
    const second = await confirmSignIn({ challengeResponse: 'EMAIL' });
    assert.equal(second.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_EMAIL_SETUP');
    const email = uniqueEmail();
    const third = await confirmSignIn({ challengeResponse: email });
    assert.equal(third.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    const code = await codeSentTo(email);
    assert.equal((await confirmSignIn({ challengeResponse: code })).isSignedIn, true);
    const attributes = await fetchUserAttributes();
    assert.equal(attributes.email, email);
    assert.equal(attributes.email_verified, 'true');
  });

  test('the user chooses how to begin', async () => {
    configure(optional);
    const { username, email } = await createUser(optional.poolId);
    const choosing = { username, options: { authFlowType: 'USER_AUTH' } };
    const first = await signIn(choosing);
    assert.equal(first.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION');
    assert.deepEqual(first.nextStep.availableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP']);
    const second = await confirmSignIn({ challengeResponse: 'EMAIL_OTP' });
    assert.equal(second.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    const code = await codeSentTo(email);
    assert.equal((await confirmSignIn({ challengeResponse: code })).isSignedIn, true);
    for (const preferredChallenge of ['PASSWORD', 'PASSWORD_SRP']) {
      storage.clear();
      const options = { authFlowType: 'USER_AUTH', preferredChallenge };
      assert.equal((await signIn({ username, password: PASSWORD, options })).isSignedIn, true);
    }
    storage.clear();
    const options = { authFlowType: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' };
    const sent = await signIn({ username, options });
    assert.equal(sent.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    const challengeResponse = await codeSentTo(email);
    assert.equal((await confirmSignIn({ challengeResponse })).isSignedIn, true);
  });

  test('whoever has just confirmed is signed in', async (t) => {
    configure(optional);
    endsWithItsTests(t);
    const [username, email] = [unique(), uniqueEmail()];
    const signedUp = await signUp({
      username,
      password: PASSWORD,
      options: { userAttributes: { email }, autoSignIn: { authFlowType: 'USER_AUTH' } },
    });
    assert.equal(signedUp.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
    const confirmed = await confirmSignUp({ username, confirmationCode: await codeSentTo(email) });
    assert.equal(confirmed.nextStep.signUpStep, 'COMPLETE_AUTO_SIGN_IN');
    assert.equal((await autoSignIn()).isSignedIn, true);
  });

  test('a device that is remembered needs no code', async () => {
    const tracking = await factors('OPTIONAL', {
      DeviceConfiguration: {
        ChallengeRequiredOnNewDevice: true,
        DeviceOnlyRememberedOnUserPrompt: true,
      },
    });
    configure(tracking);
    const { username } = await createUser(tracking.poolId);
    const phone = await givePhone(tracking.poolId, username);
    assert.equal((await signIn({ username, password: PASSWORD })).isSignedIn, true);
    await updateMFAPreference({ sms: 'PREFERRED' });
    await rememberDevice();
    const [device] = await fetchDevices();
    assert.match(device.id, /^eu-west-1_[0-9a-f-]{36}$/);
    await signOut();
    assert.equal((await signIn({ username, password: PASSWORD })).isSignedIn, true);

    await forgetDevice();
    assert.deepEqual(await fetchDevices(), []);
    await signOut();
    const asked = await signIn({ username, password: PASSWORD });
    assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_SMS_CODE');
    const challengeResponse = await codeSentTo(phone);
    assert.equal((await confirmSignIn({ challengeResponse })).isSignedIn, true);
  });
});

describe('amazon-cognito-identity-js', () => {
  /** What becomes of a step: the name of the callback, and what it was given. */
  function outcome(run) {
    return new Promise((resolve, reject) => {
      const named = (name) => (...given) => resolve({ name, given });
      const names = ['mfaRequired', 'mfaSetup', 'selectMFAType', 'totpRequired', 'onSuccess'];
      const callbacks = Object.fromEntries(names.map((name) => [name, named(name)]));
      run({ ...callbacks, onFailure: reject, associateSecretCode: named('associateSecretCode') });
    });
  }

  function authenticate(user) {
    const details = new AuthenticationDetails({
      Username: user.getUsername(),
      Password: PASSWORD,
    });
    return outcome((callbacks) => user.authenticateUser(details, callbacks));
  }

  function pool({ poolId, clientId }) {
    return new CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: ENDPOINT });
  }

  test('an authenticator app is set up, preferred and asked for', async () => {
    const optional = await factors('OPTIONAL');
    const { username } = await createUser(optional.poolId);
    const user = new CognitoUser({ Username: username, Pool: pool(optional) });
    assert.equal((await authenticate(user)).name, 'onSuccess');
    const made = await outcome((callbacks) => user.associateSoftwareToken(callbacks));
    const app = new Authenticator(made.given[0]);
    const first = await app.code();
    await outcome((callbacks) => user.verifySoftwareToken(first, 'phone', callbacks));
    await new Promise((resolve, reject) => {
      const on = { PreferredMfa: true, Enabled: true };
      user.setUserMfaPreference(null, on, (error) => (error ? reject(error) : resolve()));
    });
    const asked = await authenticate(user);
    assert.equal(asked.name, 'totpRequired');
    const code = await app.code();
    const done = await outcome((callbacks) =>
      user.sendMFACode(code, callbacks, 'SOFTWARE_TOKEN_MFA'),
    );
    assert.equal(done.name, 'onSuccess');
  });

  test('an authenticator app is set up on the way in, where one is wanted', async () => {
    const required = await factors('ON');
    const { username } = await createUser(required.poolId, { UserAttributes: [] });
    const user = new CognitoUser({ Username: username, Pool: pool(required) });
    assert.equal((await authenticate(user)).name, 'mfaSetup');
    const made = await outcome((callbacks) => user.associateSoftwareToken(callbacks));
    const code = await new Authenticator(made.given[0]).code();
    const done = await outcome((callbacks) => user.verifySoftwareToken(code, 'phone', callbacks));
    assert.equal(done.name, 'onSuccess');
    assert.ok(done.given[0].getAccessToken().getJwtToken());
  });

  test('a device proves itself by SRP', async () => {
    const tracking = await factors('OPTIONAL', {
      DeviceConfiguration: {
        ChallengeRequiredOnNewDevice: true,
        DeviceOnlyRememberedOnUserPrompt: false,
      },
    });
    const { username } = await createUser(tracking.poolId);
    const phone = await givePhone(tracking.poolId, username);
    const user = new CognitoUser({ Username: username, Pool: pool(tracking) });
    assert.equal((await authenticate(user)).name, 'onSuccess');
    await admin.adminSetUserMFAPreference({
      UserPoolId: tracking.poolId,
      Username: username,
      SMSMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    const again = await authenticate(user);
    assert.equal(again.name, 'onSuccess');
    const { device_key: key } = again.given[0].getAccessToken().decodePayload();
    const { Devices } = await admin.adminListDevices({
      UserPoolId: tracking.poolId,
      Username: username,
    });
    assert.deepEqual(Devices.map((device) => device.DeviceKey), [key]);
    // Once the service has forgotten it, the client drops the key and comes again as a new device.
    await admin.adminForgetDevice({
      UserPoolId: tracking.poolId,
      Username: username,
      DeviceKey: key,
    });
    assert.equal((await authenticate(user)).name, 'mfaRequired');
    const code = await codeSentTo(phone);
    const done = await outcome((callbacks) => user.sendMFACode(code, callbacks, 'SMS_MFA'));
    assert.equal(done.name, 'onSuccess');
  });
});
