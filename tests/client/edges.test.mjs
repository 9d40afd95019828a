// Along which edges of a sign-in were clients led that nobody here wrote, in Node and in Chromium,
// and ours? The last test prints the table.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { build } from 'esbuild';

import {
  confirmTotp,
  createClient,
  memoryStorage,
  rememberDevice,
  respond,
  setMfaPreference,
  setUpTotp,
  signIn,
  signOut,
} from '../../js/dist/client.js';
import { Passkey } from '../sdk/passkey.mjs';
import { administrator, claims, REGION } from '../sdk/world.mjs';
import { walk } from './edges/amplify.mjs';
import { furnish } from './edges/pools.mjs';
import { drawn, table, watch } from './edges/watch.mjs';
import { launch } from './site.mjs';

/** Every step that Amplify knows, but for passkeys, which are no step of it. */
const AMPLIFY_STEPS = [
  'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE',
  'CONFIRM_SIGN_IN_WITH_EMAIL_CODE',
  'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED',
  'CONFIRM_SIGN_IN_WITH_PASSWORD',
  'CONFIRM_SIGN_IN_WITH_SMS_CODE',
  'CONFIRM_SIGN_IN_WITH_TOTP_CODE',
  'CONFIRM_SIGN_UP',
  'CONTINUE_SIGN_IN_WITH_EMAIL_SETUP',
  'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
  'CONTINUE_SIGN_IN_WITH_MFA_SELECTION',
  'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION',
  'CONTINUE_SIGN_IN_WITH_TOTP_SETUP',
  'DONE',
  'RESET_PASSWORD',
];

// Amplify names a device by its browser.
globalThis.navigator ??= { userAgent: 'a browser', platform: 'a test' };

let pools;
const seen = new Map();

before(async () => {
  pools = await furnish();
});

after(() => pools?.close());

/** Has a client walk behind a proxy that sees along which edges. */
async function walked(name, run) {
  const { endpoint, edges, close } = await watch();
  seen.set(name, edges);
  try {
    return await run(endpoint, pools.ask);
  } finally {
    close();
  }
}

test('Amplify in Node takes every step that it knows', async () => {
  const kept = new Map();
  const store = {
    setItem: async (key, value) => void kept.set(key, value),
    getItem: async (key) => kept.get(key) ?? null,
    removeItem: async (key) => void kept.delete(key),
    clear: async () => kept.clear(),
  };
  const storage = {
    use: () => cognitoUserPoolsTokenProvider.setKeyValueStorage(store),
    clear: () => kept.clear(),
  };
  const steps = await walked('Amplify', (endpoint, ask) => walk(endpoint, ask, storage));
  assert.deepEqual(steps, AMPLIFY_STEPS);
});

/** A page with Amplify in it. */
async function page() {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { walk } from './amplify.mjs';",
      resolveDir: fileURLToPath(new URL('edges', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  });
  const script = outputFiles[0].text;
  const html = `<!doctype html><script type="module">import { walk } from '/amplify.js';
    const storage = { use() {}, clear: () => localStorage.clear() };
    globalThis.walk = (endpoint) => walk(endpoint, (...given) => globalThis.ask(given), storage);
    </script>`;
  const server = createServer((request, response) => {
    const isScript = request.url === '/amplify.js';
    const type = isScript ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': type }).end(isScript ? script : html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('Amplify in Chromium takes every step that it knows', async () => {
  const [browser, site] = await Promise.all([launch(), page()]);
  try {
    const tab = await browser.newPage();
    await tab.exposeFunction('ask', (given) => pools.ask(...given));
    await tab.goto(`http://127.0.0.1:${site.address().port}/`);
    await tab.waitForFunction(() => globalThis.walk !== undefined);
    const go = (endpoint) => tab.evaluate((endpoint) => globalThis.walk(endpoint), endpoint);
    assert.deepEqual(await walked('Amplify, Chromium', go), AMPLIFY_STEPS);
  } finally {
    await browser.close();
    site.close();
  }
});

/** A user as amazon-cognito-identity-js has it, whose callbacks are told by name. */
class Told {
  constructor(endpoint, pool, { username, password }) {
    const { userPoolId: UserPoolId, userPoolClientId: ClientId } = pool;
    const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
    this.user = new CognitoUser({ Username: username, Pool });
    this.details = new AuthenticationDetails({ Username: username, Password: password });
  }

  /** Calls a method; gives the callback that came of it and what it was given. */
  call(method, ...given) {
    return new Promise((resolve, reject) => {
      const names = [
        'associateSecretCode',
        'customChallenge',
        'mfaRequired',
        'mfaSetup',
        'newPasswordRequired',
        'onSuccess',
        'selectMFAType',
        'totpRequired',
      ];
      const told = (name) => [name, (...heard) => resolve([name, ...heard])];
      const callbacks = { ...Object.fromEntries(names.map(told)), onFailure: reject };
      this.user[method](...given, callbacks);
    });
  }

  /** Begins; the callback must be the one that is wanted. */
  async begin(wanted) {
    const [name, ...heard] = await this.call('authenticateUser', this.details);
    assert.equal(name, wanted);
    return heard;
  }
}

const done = ([name]) => assert.equal(name, 'onSuccess');

async function identityJs(endpoint, ask) {
  const someone = async (pool, user) => new Told(endpoint, await ask('pool', pool), user);

  const invited = await ask('invited', 'optional');
  const newcomer = await someone('optional', invited);
  await newcomer.begin('newPasswordRequired');
  done(await newcomer.call('completeNewPasswordChallenge', invited.newPassword, {}));

  const ann = await ask('user', 'optional');
  const withApp = await someone('optional', ann);
  await withApp.begin('onSuccess');
  const [, secret] = await withApp.call('associateSoftwareToken');
  done(await withApp.call('verifySoftwareToken', await ask('app', secret), 'phone'));
  await ask('prefer', 'optional', ann.username, ['SoftwareTokenMfaSettings']);
  await withApp.begin('totpRequired');
  // The code comes before the callbacks, the kind of it after them.
  const code = await ask('app', secret);
  await new Promise((onSuccess, onFailure) => {
    withApp.user.sendMFACode(code, { onSuccess, onFailure }, 'SOFTWARE_TOKEN_MFA');
  });
  await ask('prefer', 'optional', ann.username, ['SMSMfaSettings']);
  await withApp.begin('selectMFAType');
  assert.equal((await withApp.call('sendMFASelectionAnswer', 'SMS_MFA'))[0], 'mfaRequired');
  done(await withApp.call('sendMFACode', await ask('sent', ann.phone)));

  const bare = await someone('required', await ask('user', 'required', { isBare: true }));
  await bare.begin('mfaSetup');
  const [, made] = await bare.call('associateSoftwareToken');
  done(await bare.call('verifySoftwareToken', await ask('app', made), 'phone'));

  const dan = await ask('user', 'devices');
  const atDevice = await someone('devices', dan);
  await atDevice.begin('onSuccess');
  await atDevice.begin('onSuccess');
  const [session] = await atDevice.begin('onSuccess');
  const { device_key: key } = session.getAccessToken().decodePayload();
  const refreshed = await new Promise((resolve, reject) => {
    const told = (error, session) => (error ? reject(error) : resolve(session));
    atDevice.user.refreshSession(session.getRefreshToken(), told);
  });
  assert.equal(refreshed.getAccessToken().decodePayload().device_key, key);

  for (const method of ['initiateAuth', 'authenticateUser']) {
    const led = await someone('led', await ask('user', 'led'));
    led.user.setAuthenticationFlowType('CUSTOM_AUTH');
    assert.equal((await led.call(method, led.details))[0], 'customChallenge');
    assert.equal((await led.call('sendCustomChallengeAnswer', '41'))[0], 'customChallenge');
    done(await led.call('sendCustomChallengeAnswer', '42'));
  }
}

test('amazon-cognito-identity-js takes the steps that it knows', async () => {
  await walked('identity-js', identityJs);
});

async function ours(endpoint, ask) {
  const clientOf = async (name) => {
    const { userPoolId, userPoolClientId: clientId } = await ask('pool', name);
    return createClient({ userPoolId, clientId, endpoint, storage: memoryStorage() });
  };
  const optional = await clientOf('optional');
  const begin = async (client, input, wanted) => {
    const next = await signIn(client, input);
    assert.equal(next.step, wanted);
    return next;
  };
  const answer = async (client, asked, given, wanted = 'done') => {
    const next = await respond(client, asked, given);
    assert.equal(next.step, wanted);
    return next;
  };

  const { newPassword, ...invited } = await ask('invited', 'optional');
  const first = await begin(optional, invited, 'newPassword');
  await answer(optional, first, { newPassword });

  const { username, password, email, phone } = await ask('user', 'optional');
  await begin(optional, { username, password }, 'done');
  const { secret } = await setUpTotp(optional);
  await confirmTotp(optional, { code: await ask('app', secret) });
  await setMfaPreference(optional, { totp: 'on', sms: 'on', email: 'on' });
  for (const [choice, code] of [
    ['totp', () => ask('app', secret)],
    ['sms', () => ask('sent', phone)],
    ['email', () => ask('sent', email)],
  ]) {
    const method = choice === 'totp' ? 'password' : 'srp';
    const select = await begin(optional, { username, password, method }, 'selectMfa');
    const asked = await answer(optional, select, { choice }, 'code');
    await answer(optional, asked, { code: await code() });
  }

  const chooser = await ask('user', 'optional');
  const bare = { username: chooser.username };
  for (const [choice, address] of [['email', chooser.email], ['sms', chooser.phone]]) {
    const select = await begin(optional, bare, 'selectFactor');
    const asked = await answer(optional, select, { choice }, 'code');
    await answer(optional, asked, { code: await ask('sent', address) });
    const sent = await begin(optional, { ...bare, preferred: choice }, 'code');
    await answer(optional, sent, { code: await ask('sent', address) });
  }
  const select = await begin(optional, bare, 'selectFactor');
  await answer(optional, select, { choice: 'password', password });
  await begin(optional, { ...bare, password, method: 'choice' }, 'done');
  const asked = await begin(optional, { ...bare, preferred: 'password' }, 'password');
  await answer(optional, asked, { password });

  const required = await clientOf('required');
  const one = await ask('user', 'required', { isBare: true });
  const setUp = await begin(required, one, 'setUpMfa');
  const app = await answer(required, setUp, { choice: 'totp' }, 'setUpTotp');
  await answer(required, app, { code: await ask('app', app.secret) });
  const other = await begin(required, await ask('user', 'required', { isBare: true }), 'setUpMfa');
  const address = await ask('email');
  const mailed = await answer(required, other, { choice: 'email', email: address }, 'code');
  await answer(required, mailed, { code: await ask('sent', address) });

  const devices = await clientOf('devices');
  const owner = await ask('user', 'devices');
  const at = { username: owner.username, password: owner.password };
  await begin(devices, at, 'done');
  await setMfaPreference(devices, { email: 'preferred' });
  await rememberDevice(devices);
  await signOut(devices);
  await begin(devices, at, 'done');

  const led = await clientOf('led');
  const user = await ask('user', 'led');
  const withFactor = await ask('user', 'led');
  await ask('prefer', 'led', withFactor.username, ['SMSMfaSettings']);
  for (const input of [
    { username: user.username, method: 'custom' },
    { username: user.username, password: user.password, method: 'custom' },
    { username: withFactor.username, password: withFactor.password, method: 'custom' },
  ]) {
    let next = await signIn(led, input);
    if (next.step === 'code') {
      next = await respond(led, next, { code: await ask('sent', withFactor.phone) });
    }
    assert.equal(next.step, 'custom');
    assert.equal(next.parameters.question, '6 * 7');
    const again = await answer(led, next, { answer: '41' }, 'custom');
    await answer(led, again, { answer: '42' });
  }
}

test('cognate/client takes every step', async () => {
  await walked('cognate/client', ours);
});

async function byPasskey(client, ask) {
  const { userPoolClientId: ClientId } = await ask('pool', 'passkeys');
  const { username: USERNAME, password: PASSWORD } = await ask('user', 'passkeys');
  const { AuthenticationResult } = await client.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD },
    ClientId,
  });
  const { AccessToken } = AuthenticationResult;
  const passkey = new Passkey();
  const { CredentialCreationOptions } = await client.startWebAuthnRegistration({ AccessToken });
  const Credential = passkey.create(CredentialCreationOptions);
  await client.completeWebAuthnRegistration({ AccessToken, Credential });
  const answer = ({ ChallengeName, Session }, responses) =>
    client.respondToAuthChallenge({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME, ...responses },
    });
  for (const more of [{}, { PREFERRED_CHALLENGE: 'WEB_AUTHN' }]) {
    const AuthParameters = { USERNAME, ...more };
    let asked = await client.initiateAuth({ AuthFlow: 'USER_AUTH', AuthParameters, ClientId });
    if (asked.ChallengeName === 'SELECT_CHALLENGE') {
      asked = await answer(asked, { ANSWER: 'WEB_AUTHN' });
    }
    const options = JSON.parse(asked.ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS);
    const CREDENTIAL = JSON.stringify(passkey.get(options));
    const done = await answer(asked, { CREDENTIAL });
    assert.deepEqual(claims(done.AuthenticationResult.IdToken).amr, ['hwk']);
  }
}

/**
 * What no client for pages does: it asks for the password where SRP could prove it, steps up, and has
 * a passkey without a browser.
 */
async function awsSdk(endpoint, ask) {
  const client = administrator(REGION, endpoint);
  const { userPoolClientId: ClientId } = await ask('pool', 'optional');
  const { username: USERNAME, password: PASSWORD, email } = await ask('user', 'optional');
  const begin = (more) =>
    client.initiateAuth({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME, ...more } });
  const answer = ({ ChallengeName, Session }, responses) =>
    client.respondToAuthChallenge({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME, ...responses },
    });
  const { AuthenticationResult } = await answer(
    await begin({ PREFERRED_CHALLENGE: 'PASSWORD' }),
    { PASSWORD },
  );
  await ask('prefer', 'optional', USERNAME, ['EmailMfaSettings']);
  const asked = await begin({
    TARGET_ACR_VALUES: 'urn:cognito:loa:3',
    ACCESS_TOKEN: AuthenticationResult.AccessToken,
  });
  const done = await answer(asked, { EMAIL_OTP_CODE: await ask('sent', email) });
  assert.equal(claims(done.AuthenticationResult.IdToken).acr, 'urn:cognito:loa:3');
  await byPasskey(client, ask);
  client.destroy();
}

test('@aws-sdk takes what the others leave out', async () => {
  await walked('@aws-sdk', awsSdk);
});

test('no client was led along an edge that is not drawn, and each state was reached', (t) => {
  const edges = new Set(drawn());
  const strangers = [...seen].flatMap(([name, walked]) =>
    [...walked].filter((edge) => !edges.has(edge)).map((edge) => `${name}: ${edge}`),
  );
  assert.deepEqual(strangers, []);
  const reached = new Set([...seen.values()].flatMap((walked) => [...walked]).map((edge) => edge.split(' -> ')[1]));
  const states = new Set([...edges].map((edge) => edge.split(' -> ')[1]));
  // Administrators alone are asked for the password itself.
  states.delete('ADMIN_NO_SRP_AUTH');
  assert.deepEqual([...states].filter((state) => !reached.has(state)), []);
  for (const line of table(seen).split('\n')) t.diagnostic(line);
});
