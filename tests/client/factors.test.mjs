// Does `cognate/client` get through every step that may follow the password, against a real service?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  confirmSignUp,
  confirmTotp,
  createClient,
  forgetDevice,
  getSession,
  getUser,
  memoryStorage,
  rememberDevice,
  respond,
  setMfaPreference,
  setUpTotp,
  signIn,
  signOut,
  signUp,
} from '../../js/dist/client.js';

import { Authenticator } from '../sdk/authenticator.mjs';
import {
  admin,
  anotherCode,
  codeSentTo,
  createClient as createAppClient,
  createPool,
  createUser,
  ENDPOINT,
  PASSWORD,
  unique,
  uniqueEmail,
} from '../sdk/world.mjs';

/** A client of a pool that takes every factor. */
async function start(MfaConfiguration, settings = {}) {
  const userPoolId = await createPool({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    ...settings,
  });
  const SnsCallerArn = 'arn:aws:iam::123456789012:role/sms';
  await admin.setUserPoolMfaConfig({
    UserPoolId: userPoolId,
    MfaConfiguration,
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn } },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
  });
  const flows = ['REFRESH_TOKEN_AUTH', 'USER_AUTH', 'USER_PASSWORD_AUTH', 'USER_SRP_AUTH'];
  const ExplicitAuthFlows = flows.map((flow) => `ALLOW_${flow}`);
  const { ClientId: clientId } = await createAppClient(userPoolId, { ExplicitAuthFlows });
  return createClient({ userPoolId, clientId, endpoint: ENDPOINT, storage: memoryStorage() });
}

const code = (wanted) => (error) => {
  assert.equal(error.code, wanted, error.stack);
  return true;
};

/** Goes on until the given step, and gives it. */
async function come(client, username, wanted, more = { password: PASSWORD }) {
  const next = await signIn(client, { username, ...more });
  assert.equal(next.step, wanted);
  return next;
}

let optional;
let required;

before(async () => {
  [optional, required] = await Promise.all([start('OPTIONAL'), start('ON')]);
});

test('an authenticator app is set up, preferred, asked for, and no longer', async () => {
  const { username } = await createUser(optional.userPoolId);
  await come(optional, username, 'done');
  const app = new Authenticator((await setUpTotp(optional)).secret);
  const first = await app.code();
  await assert.rejects(confirmTotp(optional, { code: anotherCode(first) }), code('codeMismatch'));
  await confirmTotp(optional, { code: first, deviceName: 'phone' });
  await setMfaPreference(optional, { totp: 'preferred' });
  assert.deepEqual((await getUser(optional)).mfa, ['SOFTWARE_TOKEN_MFA']);

  const asked = await come(optional, username, 'code');
  assert.deepEqual([asked.channel, asked.deviceName], ['totp', 'phone']);
  const right = await app.code();
  await assert.rejects(respond(optional, asked, { code: anotherCode(right) }), code('codeMismatch'));
  assert.equal((await respond(optional, asked, { code: right })).step, 'done');
  await assert.rejects(respond(optional, asked, { code: right }), code('challengeEnded'));
  await setMfaPreference(optional, { totp: 'off' });
  await come(optional, username, 'done');
});

test('the user chooses among second factors, and a code comes that way', async () => {
  const { username, email } = await createUser(optional.userPoolId);
  const phone = `+1206${String(Date.now()).slice(-7)}`;
  await admin.adminUpdateUserAttributes({
    UserPoolId: optional.userPoolId,
    Username: username,
    UserAttributes: [{ Name: 'phone_number', Value: phone }],
  });
  await come(optional, username, 'done');
  await setMfaPreference(optional, { sms: 'on', email: 'on' });
  for (const [choice, address, medium] of [['sms', phone, 'SMS'], ['email', email, 'EMAIL']]) {
    const select = await come(optional, username, 'selectMfa');
    assert.deepEqual([...select.choices].sort(), ['email', 'sms']);
    const asked = await respond(optional, select, { choice });
    assert.deepEqual([asked.step, asked.channel, asked.delivery.medium], ['code', choice, medium]);
    assert.notEqual(asked.delivery.destination, address, 'it is masked');
    const done = await respond(optional, asked, { code: await codeSentTo(address) });
    assert.equal(done.step, 'done');
  }
});

test('a second factor is set up on the way in, where one is wanted', async () => {
  const bare = { UserAttributes: [] };
  const { username } = await createUser(required.userPoolId, bare);
  const first = await come(required, username, 'setUpMfa');
  assert.deepEqual([...first.choices].sort(), ['email', 'totp']);
  const setUp = await respond(required, first, { choice: 'totp' });
  assert.equal(setUp.step, 'setUpTotp');
  const app = new Authenticator(setUp.secret);
  assert.equal((await respond(required, setUp, { code: await app.code() })).step, 'done');
  const asked = await come(required, username, 'code');
  assert.equal((await respond(required, asked, { code: await app.code() })).step, 'done');

  const other = await createUser(required.userPoolId, bare);
  const email = uniqueEmail();
  const choosing = await come(required, other.username, 'setUpMfa');
  const sent = await respond(required, choosing, { choice: 'email', email });
  assert.deepEqual([sent.step, sent.channel], ['code', 'email']);
  assert.equal((await respond(required, sent, { code: await codeSentTo(email) })).step, 'done');
});

test('the user chooses how to begin', async () => {
  const { username, email } = await createUser(optional.userPoolId);
  const choose = await come(optional, username, 'selectFactor', {});
  assert.deepEqual(choose.choices, ['password', 'email']);
  const sent = await respond(optional, choose, { choice: 'email' });
  assert.equal((await respond(optional, sent, { code: await codeSentTo(email) })).step, 'done');

  const again = await come(optional, username, 'selectFactor', {});
  const proven = await respond(optional, again, { choice: 'password', password: PASSWORD });
  assert.equal(proven.step, 'done');
  const wrong = await come(optional, username, 'selectFactor', {});
  const guess = { choice: 'password', password: 'Wrong-Horse-7' };
  await assert.rejects(respond(optional, wrong, guess), code('notAuthorized'));

  await come(optional, username, 'done', { password: PASSWORD, method: 'choice' });
  const mailed = await come(optional, username, 'code', { preferred: 'email' });
  assert.equal((await respond(optional, mailed, { code: await codeSentTo(email) })).step, 'done');
});

test('whoever has just confirmed is signed in without another proof', async () => {
  const [username, email] = [unique(), uniqueEmail()];
  const input = { username, password: PASSWORD, attributes: { email } };
  const { session } = await signUp(optional, input);
  const confirmed = await confirmSignUp(optional, { username, code: await codeSentTo(email), session });
  await come(optional, username, 'done', { session: confirmed.session });
});

for (const [asks, DeviceOnlyRememberedOnUserPrompt] of [
  ['whenever it proved itself', false],
  ['if the user said so', true],
]) {
  test(`a device needs no second factor ${asks}, until it is forgotten`, async () => {
    const DeviceConfiguration = { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt };
    const client = await start('OPTIONAL', { DeviceConfiguration });
    const { username, email } = await createUser(client.userPoolId);
    const first = await come(client, username, 'done');
    assert.equal(first.mayRemember, DeviceOnlyRememberedOnUserPrompt || undefined);
    assert.ok(first.session.accessClaims.device_key);
    await setMfaPreference(client, { email: 'preferred' });
    if (first.mayRemember) await rememberDevice(client);
    await signOut(client);

    const known = await come(client, username, 'done');
    assert.equal(known.session.accessClaims.device_key, first.session.accessClaims.device_key);
    assert.ok(await getSession(client, { refresh: true }), 'tokens are refreshed on it');

    const { userPoolId, clientId } = client;
    const elsewhere = createClient({ userPoolId, clientId, endpoint: ENDPOINT });
    await come(elsewhere, username, 'code');

    await forgetDevice(client);
    const asked = await come(client, username, 'code');
    const done = await respond(client, asked, { code: await codeSentTo(email) });
    assert.equal(done.step, 'done');
    assert.notEqual(done.session.accessClaims.device_key, first.session.accessClaims.device_key);
  });
}

test('a device that an administrator had forgotten comes again as a new one', async () => {
  const DeviceConfiguration = {
    ChallengeRequiredOnNewDevice: true,
    DeviceOnlyRememberedOnUserPrompt: false,
  };
  const client = await start('OPTIONAL', { DeviceConfiguration });
  const { username } = await createUser(client.userPoolId);
  const { session } = await come(client, username, 'done');
  const of = { UserPoolId: client.userPoolId, Username: username };
  const old = session.accessClaims.device_key;
  await admin.adminForgetDevice({ ...of, DeviceKey: old });
  const { session: fresh } = await come(client, username, 'done');
  assert.notEqual(fresh.accessClaims.device_key, old);
  const { Devices } = await admin.adminListDevices(of);
  assert.deepEqual(Devices.map(({ DeviceKey }) => DeviceKey), [fresh.accessClaims.device_key]);
});
