// What is a browser asked about passkeys, and what becomes of what it gives?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  createClient,
  deletePasskey,
  listPasskeys,
  memoryStorage,
  registerPasskey,
  signIn,
  usePasskey,
} from 'cognate/client';

import { CLIENT, PASSWORD, POOL, serve, tokens } from './world.mjs';

const buffer = (text) => new TextEncoder().encode(text).buffer;
const base64url = (text) => Buffer.from(text).toString('base64url');

const DONE = { AuthenticationResult: tokens(), ChallengeParameters: {} };
const DESCRIPTOR = { type: 'public-key', id: base64url('known?>'), transports: ['usb'] };

/** A browser that is asked, and gives what it is told to. */
function browse(t, given) {
  const asked = [];
  const answer = (kind) => async (options) => {
    asked.push([kind, options]);
    if (given instanceof Error) throw given;
    return given;
  };
  const { navigator } = globalThis;
  const credentials = { create: answer('create'), get: answer('get') };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { credentials } });
  globalThis.PublicKeyCredential = class {};
  t.after(() => {
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: navigator });
    delete globalThis.PublicKeyCredential;
  });
  return asked;
}

async function start(t, answer) {
  const served = await serve(t, (operation, input) =>
    operation === 'InitiateAuth' && input.AuthFlow === 'USER_PASSWORD_AUTH' ? DONE : answer(operation),
  );
  const { endpoint } = served;
  const client = createClient({
    userPoolId: POOL, clientId: CLIENT, endpoint, storage: memoryStorage(),
  });
  await signIn(client, { username: 'ann', password: PASSWORD, method: 'password' });
  return { client, calls: served.calls };
}

const credential = (response) => ({
  id: base64url('id'),
  rawId: buffer('id'),
  type: 'public-key',
  authenticatorAttachment: 'platform',
  getClientExtensionResults: () => ({ credProps: { rk: true } }),
  response: { clientDataJSON: buffer('{}'), ...response },
});

test('a passkey is made with what the service wants, and handed over', async (t) => {
  const asked = browse(
    t,
    credential({ attestationObject: buffer('object'), getTransports: () => ['internal'] }),
  );
  const options = {
    challenge: base64url('challenge'),
    rp: { id: 'example.com' },
    user: { id: base64url('sub'), name: 'ann' },
    excludeCredentials: [DESCRIPTOR],
    attestation: 'none',
  };
  const { client, calls } = await start(t, (operation) =>
    operation === 'StartWebAuthnRegistration' ? { CredentialCreationOptions: options } : {},
  );
  await registerPasskey(client);
  const [[kind, { publicKey }]] = asked;
  assert.equal(kind, 'create');
  const text = (bytes) => Buffer.from(bytes).toString();
  assert.equal(text(publicKey.challenge), 'challenge');
  assert.equal(text(publicKey.user.id), 'sub');
  assert.equal(text(publicKey.excludeCredentials[0].id), 'known?>');
  assert.deepEqual([publicKey.rp, publicKey.attestation], [options.rp, 'none']);
  assert.deepEqual(calls.at(-1).input.Credential, {
    id: base64url('id'),
    rawId: base64url('id'),
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: { credProps: { rk: true } },
    response: {
      clientDataJSON: base64url('{}'),
      attestationObject: base64url('object'),
      transports: ['internal'],
    },
  });
});

test('a passkey answers a challenge', async (t) => {
  const response = { authenticatorData: buffer('data'), signature: buffer('signature') };
  const asked = browse(t, credential({ ...response, userHandle: buffer('sub') }));
  const options = {
    challenge: base64url('challenge'), rpId: 'example.com', allowCredentials: [DESCRIPTOR],
  };
  const challenge = {
    ChallengeName: 'WEB_AUTHN',
    Session: 'session',
    ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
  };
  const { client, calls } = await start(t, (operation) =>
    operation === 'InitiateAuth' ? challenge : DONE,
  );
  const next = await signIn(client, { username: 'ann', preferred: 'passkey' });
  assert.equal(next.step, 'passkey');
  const done = await usePasskey(client, next, { mediation: 'conditional' });
  assert.equal(done.step, 'done');
  const [[kind, { publicKey, mediation }]] = asked;
  assert.deepEqual([kind, mediation, publicKey.rpId], ['get', 'conditional', 'example.com']);
  const { ChallengeResponses } = calls.at(-1).input;
  assert.deepEqual(JSON.parse(ChallengeResponses.CREDENTIAL).response, {
    clientDataJSON: base64url('{}'),
    authenticatorData: base64url('data'),
    signature: base64url('signature'),
    userHandle: base64url('sub'),
  });
});

test('passkeys are listed over all pages, and deleted by id', async (t) => {
  const described = (CredentialId) => ({
    CredentialId,
    FriendlyCredentialName: 'Passkey',
    RelyingPartyId: 'example.com',
    AuthenticatorTransports: ['usb'],
    CreatedAt: 1_700_000_000.5,
  });
  const pages = [
    { Credentials: [described('a')], NextToken: 'more' },
    { Credentials: [described('b')] },
  ];
  const { client, calls } = await start(t, (operation) =>
    operation === 'ListWebAuthnCredentials' ? pages.shift() : {},
  );
  const passkeys = await listPasskeys(client);
  assert.deepEqual(passkeys.map(({ id }) => id), ['a', 'b']);
  assert.deepEqual(passkeys[0], {
    id: 'a',
    name: 'Passkey',
    domain: 'example.com',
    createdAt: new Date(1_700_000_000_500),
    transports: ['usb'],
  });
  await deletePasskey(client, 'b');
  assert.equal(calls.at(-1).input.CredentialId, 'b');
});

const OPTIONS = {
  CredentialCreationOptions: { challenge: 'AAAA', user: { id: 'AAAA' }, excludeCredentials: [] },
};

test('a browser that gives none is told from one that knows none', async (t) => {
  const { client } = await start(t, () => OPTIONS);
  await assert.rejects(registerPasskey(client), { code: 'notSupported' });
  const declined = new DOMException('no', 'NotAllowedError');
  browse(t, declined);
  await assert.rejects(registerPasskey(client), { code: 'noPasskey', cause: declined });
});

test('a browser that was told to stop stops', async (t) => {
  const { client } = await start(t, () => OPTIONS);
  const controller = new AbortController();
  browse(t, new DOMException('stopped', 'AbortError'));
  const { signal } = controller;
  const asked = globalThis.navigator.credentials.create;
  globalThis.navigator.credentials.create = (options) => {
    controller.abort();
    return asked(options);
  };
  await assert.rejects(registerPasskey(client, { signal }), { code: 'aborted' });
});

test('what the service would not say is not asked of a browser', async (t) => {
  const asked = browse(t, null);
  for (const options of [
    undefined,
    {},
    { ...OPTIONS.CredentialCreationOptions, challenge: '*' },
    { ...OPTIONS.CredentialCreationOptions, excludeCredentials: [7] },
  ]) {
    const { client } = await start(t, () => ({ CredentialCreationOptions: options }));
    await assert.rejects(registerPasskey(client), { code: 'badResponse' });
  }
  assert.deepEqual(asked, []);
});
