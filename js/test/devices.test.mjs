// How does a pool know a device again?

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';

import {
  confirmTotp,
  createClient,
  deleteUser,
  forgetDevice,
  getSession,
  rememberDevice,
  setMfaPreference,
  setUpTotp,
  signIn,
  signOut,
} from 'cognate/client';

import { CLIENT, code, jwt, PASSWORD, POOL, Refusal, serve, storage, tokens } from './world.mjs';

const N = BigInt(
  `0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD
  EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE
  386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F8365
  5D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E77
  2C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A
  8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB
  0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A61
  5D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF`.replaceAll(/\s/g, ''),
);

const bytes = (number) => {
  const digits = number.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
};
const number = (buffer) => BigInt(`0x${buffer.toString('hex') || '0'}`);
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();

function power(base, exponent) {
  let [result, square] = [1n, base % N];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

const K = number(sha256(bytes(N), Buffer.from([2])));

/** The service's half of SRP for whoever has that verifier. */
function server({ verifier, salt }, whose) {
  const b = number(sha256(Buffer.from('b')));
  const v = number(verifier);
  const B = (K * v + power(2n, b)) % N;
  const block = Buffer.from('a secret block');
  return {
    parameters: {
      SALT: salt.toString('hex'),
      SRP_B: B.toString(16),
      SECRET_BLOCK: block.toString('base64'),
    },
    accepts(publicA, { TIMESTAMP, PASSWORD_CLAIM_SIGNATURE }) {
      const A = BigInt(`0x${publicA}`);
      const u = number(sha256(bytes(A), bytes(B)));
      const S = power(A * power(v, u), b);
      const key = hmac(hmac(bytes(u), bytes(S)), Buffer.from('Caldera Derived Key\x01')).subarray(0, 16);
      const claim = hmac(key, Buffer.from(whose), block, Buffer.from(TIMESTAMP));
      return claim.toString('base64') === PASSWORD_CLAIM_SIGNATURE;
    },
  };
}

const [KEY, GROUP] = ['eu-west-1_11111111-2222-3333-4444-555555555555', '-group'];
const METADATA = { DeviceKey: KEY, DeviceGroupKey: GROUP };
const NEW = () => ({ AuthenticationResult: tokens({ NewDeviceMetadata: METADATA }) });
const KNOWN = () => {
  const AccessToken = jwt({ username: 'ann', token_use: 'access', device_key: KEY });
  return { AuthenticationResult: tokens({ AccessToken }) };
};
const withPassword = { username: 'Ann', password: PASSWORD, method: 'password' };

/** A pool that knows devices, for users whose password is taken on trust. */
async function pool(t, settings = {}) {
  const kept = storage();
  const state = { verifier: undefined, publicA: undefined, needsConsent: false, ...settings };
  const world = await serve(t, (operation, input) => {
    const given = input.AuthParameters ?? input.ChallengeResponses;
    switch (operation) {
      case 'InitiateAuth':
        if (state.forgotten && given.DEVICE_KEY) {
          state.forgotten = false;
          throw new Refusal('ResourceNotFoundException', 'Device does not exist.');
        }
        return given.DEVICE_KEY ? asked('DEVICE_SRP_AUTH') : NEW();
      case 'ConfirmDevice': {
        if (state.failing) throw new Refusal('InvalidParameterException');
        const { PasswordVerifier, Salt } = input.DeviceSecretVerifierConfig;
        state.verifier = Buffer.from(PasswordVerifier, 'base64');
        state.salt = Buffer.from(Salt, 'base64');
        return { UserConfirmationNecessary: state.needsConsent };
      }
      case 'RespondToAuthChallenge': {
        const half = server(state, GROUP + KEY);
        if (input.ChallengeName === 'DEVICE_SRP_AUTH') {
          state.publicA = given.SRP_A;
          return asked('DEVICE_PASSWORD_VERIFIER', { ...half.parameters, DEVICE_KEY: KEY });
        }
        if (half.accepts(state.publicA, given)) return state.endless ? asked('DEVICE_SRP_AUTH') : KNOWN();
        throw new Refusal('NotAuthorizedException', 'Incorrect username or password.');
      }
      default:
        return operation === 'GetTokensFromRefreshToken' ? KNOWN() : {};
    }
  });
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint: world.endpoint, storage: kept });
  return { ...world, state, kept, client };
}

const asked = (ChallengeName, ChallengeParameters = {}) => ({
  ChallengeName,
  ChallengeParameters: { USERNAME: 'ann', ...ChallengeParameters },
  Session: `session of ${ChallengeName}`,
});

describe('a device', () => {
  test('that is new is introduced, and proves itself the next time, without another word', async (t) => {
    const { client, calls, operations, state } = await pool(t);
    const first = await signIn(client, withPassword);
    assert.deepEqual([first.step, first.mayRemember], ['done', undefined]);
    assert.deepEqual(operations(), ['InitiateAuth', 'ConfirmDevice']);
    assert.equal(calls[1].input.DeviceKey, KEY);
    assert.ok(state.salt.length === 16 && state.salt[0] > 0 && state.salt[0] < 128);
    assert.ok(state.verifier.length > 300);

    await signOut(client);
    for (const username of ['Ann', 'ann']) {
      const again = await signIn(client, { ...withPassword, username });
      assert.equal(again.step, 'done');
    }
    const sent = calls.filter(({ operation }) => operation === 'RespondToAuthChallenge');
    assert.equal(sent.length, 4);
    for (const { input } of sent) assert.equal(input.ChallengeResponses.DEVICE_KEY, KEY);
  });

  test('is named when tokens are refreshed', async (t) => {
    const { client, calls } = await pool(t);
    await signIn(client, withPassword);
    await signIn(client, withPassword);
    await getSession(client, { refresh: true });
    const { operation, input } = calls.at(-1);
    assert.deepEqual([operation, input.DeviceKey], ['GetTokensFromRefreshToken', KEY]);
  });

  test('whose secret is another is refused', async (t) => {
    const { client, kept } = await pool(t);
    await signIn(client, withPassword);
    for (const [place, value] of kept.kept) {
      if (place.includes('.device.')) kept.kept.set(place, value.replace(/"password":"..../, '"password":"AAAA'));
    }
    await assert.rejects(signIn(client, withPassword), code('notAuthorized'));
  });

  test('that the service forgot is introduced anew', async (t) => {
    const { client, operations, state } = await pool(t);
    await signIn(client, withPassword);
    state.forgotten = true;
    assert.equal((await signIn(client, withPassword)).step, 'done');
    const wanted = ['InitiateAuth', 'ConfirmDevice', 'InitiateAuth', 'InitiateAuth', 'ConfirmDevice'];
    assert.deepEqual(operations(), wanted);
    assert.equal((await signIn(client, withPassword)).step, 'done');
  });

  test('that cannot be introduced or kept costs nobody the sign-in', async (t) => {
    const { client, kept } = await pool(t, { failing: true });
    assert.equal((await signIn(client, withPassword)).step, 'done');
    assert.ok([...kept.kept.keys()].every((place) => !place.includes('.device.')));
    const spoiled = await pool(t);
    spoiled.kept.kept.set(`cognate.${CLIENT}.device.Ann`, '{"key":7}');
    assert.equal((await signIn(spoiled.client, withPassword)).step, 'done');
  });

  test('may be remembered and forgotten, where that is up to the user', async (t) => {
    const { client, calls, operations } = await pool(t, { needsConsent: true });
    assert.equal((await signIn(client, withPassword)).mayRemember, true);
    await rememberDevice(client);
    const { AccessToken, ...input } = calls.at(-1).input;
    assert.deepEqual(input, { DeviceKey: KEY, DeviceRememberedStatus: 'remembered' });
    await signIn(client, { ...withPassword, username: 'ann' });
    await forgetDevice(client);
    assert.deepEqual([operations().at(-1), calls.at(-1).input.DeviceKey], ['ForgetDevice', KEY]);
    await signIn(client, { ...withPassword, username: 'ann' });
    assert.deepEqual(operations().slice(-2), ['InitiateAuth', 'ConfirmDevice']);
  });

  test('proves itself once: a service that asks without end is not the service', async (t) => {
    const { client, state } = await pool(t);
    await signIn(client, withPassword);
    state.endless = true;
    await assert.rejects(signIn(client, withPassword), code('badResponse'));
  });

  test('is nothing that is left of a user who was deleted', async (t) => {
    const { client, kept } = await pool(t);
    await signIn(client, { ...withPassword, username: 'ann' });
    assert.equal(kept.kept.size, 2);
    await deleteUser(client);
    assert.deepEqual([...kept.kept.keys()], []);
  });

  test('that nobody knows cannot be remembered', async (t) => {
    const { endpoint } = await serve(t, () => ({ AuthenticationResult: tokens() }));
    const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint });
    await assert.rejects(rememberDevice(client), code('notSignedIn'));
    await signIn(client, withPassword);
    await assert.rejects(rememberDevice(client), code('resourceNotFound'));
  });
});

test('who is signed in sets up an authenticator, and says what is asked for', async (t) => {
  const answers = [
    { AuthenticationResult: tokens() },
    { SecretCode: 'ABCDEFGHIJKLMNOP' },
    { Status: 'ERROR' },
    { Status: 'SUCCESS' },
    {},
  ];
  const { endpoint, calls } = await serve(t, (_, __, count) => answers[count - 1]);
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint });
  await signIn(client, withPassword);
  assert.equal((await setUpTotp(client)).secret, 'ABCDEFGHIJKLMNOP');
  await assert.rejects(confirmTotp(client, { code: '000000' }), code('codeMismatch'));
  await confirmTotp(client, { code: '123456', deviceName: 'phone' });
  await setMfaPreference(client, { totp: 'preferred', email: 'on', sms: 'off' });
  const [, , , verified, preferred] = calls.map(({ input: { AccessToken, ...rest } }) => rest);
  assert.deepEqual(verified, { UserCode: '123456', FriendlyDeviceName: 'phone' });
  assert.deepEqual(preferred, {
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    EmailMfaSettings: { Enabled: true, PreferredMfa: false },
    SMSMfaSettings: { Enabled: false, PreferredMfa: false },
  });
});
