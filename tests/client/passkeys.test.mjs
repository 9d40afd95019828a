// Do passkeys work in a real browser, whose authenticator is a virtual one? By aws-amplify and by
// this package's client, against a real service.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { Authenticator } from '../sdk/authenticator.mjs';
import { admin, claims, createClient, createPool, createUser, ENDPOINT, PASSWORD } from '../sdk/world.mjs';
import { launch } from './site.mjs';

const APPLICATION = `
import { Amplify } from 'aws-amplify';
import * as amplify from 'aws-amplify/auth';
import * as cognate from '../js/dist/client.js';

let client;
function configure({ userPoolId, clientId }) {
  const endpoint = '${ENDPOINT}';
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpoint } } });
  client = cognate.createClient({ userPoolId, clientId, endpoint });
}

/** What comes of a call: where the sign-in stands, or the error's name and code. */
const told = (promise) =>
  promise.catch(({ name, code, message, cause }) => ({ name, code, message, cause: cause?.name }));

globalThis.application = {
  configure,
  amplify: (name, ...input) => told(amplify[name](...input)),
  idToken: async () => (await amplify.fetchAuthSession()).tokens.idToken.toString(),
  cognate: (name, ...input) => told(cognate[name](client, ...input)),
};
`;

let browser;
let site;
let script;

before(async () => {
  const resolveDir = fileURLToPath(new URL('..', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: APPLICATION, resolveDir },
    bundle: true,
    define: { global: 'globalThis' },
    format: 'iife',
    logLevel: 'error',
    platform: 'browser',
    write: false,
  });
  script = outputFiles[0].text;
  browser = await launch();
  site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Shop</title>');
  });
  await once(site.listen(0, 'localhost'), 'listening');
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** A pool that takes passkeys, a user of it, and a page before which an authenticator lies. */
async function start({ configuration = {}, authenticator = {}, settings = {} } = {}) {
  const AllowedFirstAuthFactors = ['PASSWORD', 'WEB_AUTHN'];
  const Policies = { SignInPolicy: { AllowedFirstAuthFactors } };
  const userPoolId = await createPool({ Policies });
  const configured = (more) =>
    admin.setUserPoolMfaConfig({
      UserPoolId: userPoolId,
      WebAuthnConfiguration: { RelyingPartyId: 'localhost', ...configuration },
      ...more,
    });
  await configured(settings);
  const flows = ['REFRESH_TOKEN_AUTH', 'USER_AUTH', 'USER_PASSWORD_AUTH', 'USER_SRP_AUTH'];
  const ExplicitAuthFlows = flows.map((flow) => `ALLOW_${flow}`);
  const { ClientId: clientId } = await createClient(userPoolId, { ExplicitAuthFlows });
  const { username } = await createUser(userPoolId);

  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(`http://localhost:${site.address().port}/`);
  await page.addScriptTag({ content: script });
  await page.evaluate((config) => application.configure(config), { userPoolId, clientId });
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
    ...authenticator,
  };
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  const call = (library) => (...given) =>
    page.evaluate(([library, given]) => application[library](...given), [library, given]);
  return {
    username,
    userPoolId,
    configured,
    amplify: call('amplify'),
    cognate: call('cognate'),
    idToken: () => page.evaluate(() => application.idToken()),
    devtools: (method, more = {}) =>
      devtools.send(`WebAuthn.${method}`, { authenticatorId, ...more }),
    close: () => context.close(),
  };
}

test('aws-amplify registers a passkey, signs in by it, lists it and deletes it', async (t) => {
  const { amplify, close, idToken, username } = await start();
  t.after(close);
  await amplify('signIn', { username, password: PASSWORD });
  assert.equal(await amplify('associateWebAuthnCredential'), undefined);
  const { credentials } = await amplify('listWebAuthnCredentials');
  assert.equal(credentials.length, 1);
  const [{ credentialId, relyingPartyId, authenticatorAttachment, authenticatorTransports }] = credentials;
  assert.deepEqual(
    { relyingPartyId, authenticatorAttachment, authenticatorTransports },
    {
      relyingPartyId: 'localhost',
      authenticatorAttachment: 'platform',
      authenticatorTransports: ['internal'],
    },
  );
  // The browser knows by excludeCredentials that it has one.
  const again = await amplify('associateWebAuthnCredential');
  assert.equal(again.name, 'PasskeyAlreadyExists');

  await amplify('signOut');
  const options = { authFlowType: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' };
  const preferred = await amplify('signIn', { username, options });
  assert.deepEqual(preferred, { isSignedIn: true, nextStep: { signInStep: 'DONE' } });
  const { acr, amr } = claims(await idToken());
  assert.deepEqual({ acr, amr }, { acr: 'urn:cognito:loa:3', amr: ['hwk'] });

  await amplify('signOut');
  const chosen = await amplify('signIn', { username, options: { authFlowType: 'USER_AUTH' } });
  assert.equal(chosen.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION');
  assert.ok(chosen.nextStep.availableChallenges.includes('WEB_AUTHN'));
  const inBy = await amplify('confirmSignIn', { challengeResponse: 'WEB_AUTHN' });
  assert.equal(inBy.isSignedIn, true, JSON.stringify(inBy));

  await amplify('deleteWebAuthnCredential', { credentialId });
  assert.deepEqual((await amplify('listWebAuthnCredentials')).credentials, []);
  await amplify('signOut');
  const without = await amplify('signIn', { username, options });
  assert.equal(without.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION');
  assert.ok(!without.nextStep.availableChallenges.includes('WEB_AUTHN'));
});

/** Signs in with the password and registers a passkey. */
async function registered(scene) {
  const { cognate, username } = scene;
  const first = await cognate('signIn', { username, password: PASSWORD, method: 'password' });
  assert.equal(first.step, 'done', JSON.stringify(first));
  assert.equal(await cognate('registerPasskey'), undefined);
}

/** Signs in by the passkey. */
async function byPasskey({ cognate, username }) {
  const asked = await cognate('signIn', { username, preferred: 'passkey' });
  assert.equal(asked.step, 'passkey', JSON.stringify(asked));
  return cognate('usePasskey', asked);
}

test('this client registers a passkey, signs in by it, lists it and deletes it', async (t) => {
  const scene = await start();
  t.after(scene.close);
  const { cognate } = scene;
  await registered(scene);
  const [passkey] = await cognate('listPasskeys');
  assert.deepEqual([passkey.domain, passkey.transports], ['localhost', ['internal']]);
  assert.ok(Math.abs(Date.now() - passkey.createdAt) < 60_000);
  const again = await cognate('registerPasskey');
  assert.deepEqual([again.code, again.cause], ['noPasskey', 'InvalidStateError']);

  const next = await byPasskey(scene);
  assert.equal(next.step, 'done', JSON.stringify(next));
  assert.deepEqual(next.session.idClaims.amr, ['hwk']);

  const unknown = await cognate('deletePasskey', 'AAAA');
  assert.equal(unknown.code, 'resourceNotFound');
  await cognate('deletePasskey', passkey.id);
  assert.deepEqual(await cognate('listPasskeys'), []);
});

test('a security key without a display signs its user in', async (t) => {
  const scene = await start({
    authenticator: {
      protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false,
    },
  });
  t.after(scene.close);
  await registered(scene);
  const [{ name }] = await scene.cognate('listPasskeys');
  assert.equal(name, 'Security key');
  assert.equal((await byPasskey(scene)).step, 'done');
});

test('whoever does not show who they are gets no further where that is wanted', async (t) => {
  const scene = await start({ configuration: { UserVerification: 'required' } });
  t.after(scene.close);
  await registered(scene);
  await scene.devtools('setUserVerified', { isUserVerified: false });
  assert.equal((await byPasskey(scene)).code, 'noPasskey');
  await scene.devtools('setUserVerified', { isUserVerified: true });
  assert.equal((await byPasskey(scene)).step, 'done');
});

test('a copied passkey is found out by its counter', async (t) => {
  const scene = await start();
  t.after(scene.close);
  await registered(scene);
  const { credentials } = await scene.devtools('getCredentials');
  for (let i = 0; i < 2; i++) assert.equal((await byPasskey(scene)).step, 'done');
  const [{ credentialId }] = credentials;
  await scene.devtools('removeCredential', { credentialId });
  // As it was before it was used.
  await scene.devtools('addCredential', { credential: credentials[0] });
  const refused = await byPasskey(scene);
  assert.deepEqual(
    [refused.code, refused.message],
    ['notAuthorized', 'Invalid passkey credential.'],
  );
});

test('a passkey is two factors in one where the pool says so', async (t) => {
  const FactorConfiguration = 'MULTI_FACTOR_WITH_USER_VERIFICATION';
  const SoftwareTokenMfaConfiguration = { Enabled: true };
  const scene = await start({
    configuration: { FactorConfiguration },
    settings: { MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration },
  });
  t.after(scene.close);
  const { cognate, configured } = scene;
  await registered(scene);
  const app = new Authenticator((await cognate('setUpTotp')).secret);
  await cognate('confirmTotp', { code: await app.code() });
  await cognate('setMfaPreference', { totp: 'preferred' });
  await configured({ MfaConfiguration: 'ON' });
  assert.equal((await byPasskey(scene)).step, 'done');
  await configured({ WebAuthnConfiguration: { RelyingPartyId: 'localhost' } });
  const { username } = scene;
  const asked = await cognate('signIn', { username, preferred: 'passkey' });
  assert.deepEqual([asked.step, asked.choices], ['selectFactor', ['password']]);
});
