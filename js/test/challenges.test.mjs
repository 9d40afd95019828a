import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { createClient, respond, signIn } from 'cognate/client';

import { CLIENT, code, PASSWORD, POOL, Refusal, serve, tokens } from './world.mjs';

const DONE = { AuthenticationResult: tokens() };

/** Signs in to a service that gives these answers one after the other. */
async function begin(t, answers, input = { password: PASSWORD, method: 'password' }, settings) {
  const { endpoint, calls } = await serve(t, (_, __, count) => answers[count - 1]);
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint, ...settings });
  return { client, calls, next: await signIn(client, { username: 'Ann', ...input }) };
}

const asked = (ChallengeName, ChallengeParameters = {}, more = {}) => ({
  ChallengeName,
  ChallengeParameters: { USER_ID_FOR_SRP: 'ann', ...ChallengeParameters },
  Session: 'session-of-twenty-characters',
  ...more,
});

/** Each challenge of Cognito's: what it comes as, how it is answered, what is sent. */
const TABLE = [
  [
    asked('NEW_PASSWORD_REQUIRED', {
      userAttributes: '{"email":"ann@example.com"}',
      requiredAttributes: '["userAttributes.name"]',
    }),
    {
      step: 'newPassword',
      attributes: { email: 'ann@example.com' },
      requiredAttributes: ['name'],
    },
    { newPassword: 'N', attributes: { name: 'Ann' } },
    { NEW_PASSWORD: 'N', 'userAttributes.name': 'Ann' },
  ],
  [
    asked('SMS_MFA', { CODE_DELIVERY_DESTINATION: '+*******1234' }),
    { step: 'code', channel: 'sms', delivery: { destination: '+*******1234', medium: 'SMS' } },
    { code: '123456' },
    { SMS_MFA_CODE: '123456' },
  ],
  [
    asked('EMAIL_OTP', { CODE_DELIVERY_DESTINATION: 'a***@e***' }),
    { step: 'code', channel: 'email', delivery: { destination: 'a***@e***', medium: 'EMAIL' } },
    { code: '12345678' },
    { EMAIL_OTP_CODE: '12345678' },
  ],
  [asked('SMS_OTP'), { step: 'code', channel: 'sms' }, { code: '1' }, { SMS_OTP_CODE: '1' }],
  [
    asked('SOFTWARE_TOKEN_MFA', { FRIENDLY_DEVICE_NAME: 'phone' }),
    { step: 'code', channel: 'totp', deviceName: 'phone' },
    { code: '123456' },
    { SOFTWARE_TOKEN_MFA_CODE: '123456' },
  ],
  [
    asked('SELECT_MFA_TYPE', { MFAS_CAN_CHOOSE: '["SMS_MFA","SOFTWARE_TOKEN_MFA","NEW"]' }),
    { step: 'selectMfa', choices: ['sms', 'totp'] },
    { choice: 'totp' },
    { ANSWER: 'SOFTWARE_TOKEN_MFA' },
  ],
  [
    asked('MFA_SETUP', { MFAS_CAN_SETUP: '["SMS_MFA","EMAIL_OTP"]' }),
    { step: 'setUpMfa', choices: ['email'] },
    { choice: 'email', email: 'ann@example.com' },
    { EMAIL: 'ann@example.com' },
  ],
  [
    asked('SELECT_CHALLENGE', {}, { AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'WEB_AUTHN'] }),
    { step: 'selectFactor', choices: ['password', 'passkey'] },
    { choice: 'passkey' },
    { ANSWER: 'WEB_AUTHN' },
  ],
  [asked('PASSWORD'), { step: 'password' }, { password: 'P' }, { PASSWORD: 'P' }],
  [
    asked('WEB_AUTHN', { CREDENTIAL_REQUEST_OPTIONS: '{"challenge":"abc"}' }),
    { step: 'passkey', options: { challenge: 'abc' } },
    { credential: { id: 'x' } },
    { CREDENTIAL: '{"id":"x"}' },
  ],
  [
    asked('CUSTOM_CHALLENGE', { question: '?' }),
    { step: 'custom', parameters: { USER_ID_FOR_SRP: 'ann', question: '?' } },
    { answer: '!' },
    { ANSWER: '!' },
  ],
  [
    asked('NOT_INVENTED_YET', { hint: 'h' }),
    { step: 'other', parameters: { USER_ID_FOR_SRP: 'ann', hint: 'h' } },
    { responses: { THING: 't' } },
    { THING: 't' },
  ],
];

for (const [answer, wanted, given, sent] of TABLE) {
  test(`${answer.ChallengeName} is asked and answered`, async (t) => {
    const { client, calls, next } = await begin(t, [answer, DONE]);
    const { state, ...shown } = next;
    assert.deepEqual(shown, wanted);
    assert.deepEqual(JSON.parse(JSON.stringify(next)), next, 'it is plain data');

    assert.equal((await respond(client, next, given)).step, 'done');
    assert.deepEqual(calls[1].input, {
      ChallengeName: answer.ChallengeName,
      ClientId: CLIENT,
      Session: answer.Session,
      ChallengeResponses: { USERNAME: 'ann', ...sent },
    });
  });
}

test('an authenticator is set up in two steps', async (t) => {
  const { client, calls, next } = await begin(t, [
    asked('MFA_SETUP', { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' }),
    { SecretCode: 'ABCDEFGHIJKLMNOP', Session: 'second' },
    { Status: 'ERROR' },
    { Status: 'SUCCESS', Session: 'third' },
    DONE,
  ]);
  const setUp = await respond(client, next, { choice: 'totp' });
  assert.deepEqual([setUp.step, setUp.secret], ['setUpTotp', 'ABCDEFGHIJKLMNOP']);
  await assert.rejects(respond(client, setUp, { code: '000000' }), code('codeMismatch'));
  const done = await respond(client, setUp, { code: '123456', deviceName: 'phone' });
  assert.equal(done.step, 'done');
  assert.deepEqual(calls[3].input, {
    Session: 'second',
    UserCode: '123456',
    FriendlyDeviceName: 'phone',
  });
  assert.deepEqual([calls[4].operation, calls[4].input.Session], ['RespondToAuthChallenge', 'third']);
});

const VERIFIER = asked('PASSWORD_VERIFIER', {
  USERNAME: 'ann',
  SALT: 'ab',
  SRP_B: 'abcdef',
  SECRET_BLOCK: 'AAAA',
});

test('a chosen password is proven, not sent', async (t) => {
  const choose = asked('SELECT_CHALLENGE', {}, { AvailableChallenges: ['PASSWORD_SRP'] });
  const { client, calls, next } = await begin(t, [choose, VERIFIER, DONE], {});
  assert.deepEqual(calls[0].input.AuthFlow, 'USER_AUTH');
  const given = { choice: 'password', password: PASSWORD };
  assert.equal((await respond(client, next, given)).step, 'done');
  const { ANSWER, SRP_A } = calls[1].input.ChallengeResponses;
  assert.equal(ANSWER, 'PASSWORD_SRP');
  assert.match(SRP_A, /^[1-9a-f][0-9a-f]{700,}$/);
  const claim = calls[2].input.ChallengeResponses;
  assert.match(claim.TIMESTAMP, /^\w{3} \w{3} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}$/);
  assert.equal(Buffer.from(claim.PASSWORD_CLAIM_SIGNATURE, 'base64').length, 32);
  assert.ok(!JSON.stringify(calls).includes(PASSWORD));
});

test('a service that asks for proofs without end, or of nonsense, is not believed', async (t) => {
  const srp = { password: PASSWORD };
  await assert.rejects(begin(t, [VERIFIER, VERIFIER, DONE], srp), code('badResponse'));
  for (const spoiled of [
    { SRP_B: '0' },
    { SRP_B: 'f'.repeat(768) },
    { SRP_B: undefined },
    { SALT: 'salt' },
    { SECRET_BLOCK: '%' },
    { USER_ID_FOR_SRP: undefined },
  ]) {
    const ChallengeParameters = { ...VERIFIER.ChallengeParameters, ...spoiled };
    const answer = { ...VERIFIER, ChallengeParameters };
    await assert.rejects(begin(t, [answer, DONE], srp), code('badResponse'), JSON.stringify(spoiled));
  }
});

test('challenges that cannot be read are not the service’s', async (t) => {
  for (const answer of [
    { ChallengeParameters: {} },
    asked('WEB_AUTHN', { CREDENTIAL_REQUEST_OPTIONS: '{' }),
    asked('SELECT_MFA_TYPE', { MFAS_CAN_CHOOSE: '{}' }),
  ]) {
    await assert.rejects(begin(t, [answer]), code('badResponse'));
  }
});

test('a challenge that took too long has ended, a wrong code has not', async (t) => {
  const refusals = [
    new Refusal('CodeMismatchException', 'Invalid code or auth state for the user.'),
    new Refusal('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
  ];
  const { endpoint } = await serve(t, (_, __, count) => {
    if (count === 1) return asked('SMS_MFA');
    throw refusals[count - 2];
  });
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint });
  const next = await signIn(client, { username: 'ann', password: PASSWORD, method: 'password' });
  await assert.rejects(respond(client, next, { code: '1' }), code('codeMismatch'));
  await assert.rejects(respond(client, next, { code: '1' }), code('challengeEnded'));
});

test('a client with a secret signs each name that it sends', async (t) => {
  const secret = { clientSecret: 'shh' };
  const input = { password: PASSWORD, method: 'password' };
  const { client, calls, next } = await begin(t, [asked('SMS_MFA'), DONE], input, secret);
  await respond(client, next, { code: '1' });
  const hash = (name) => createHmac('sha256', 'shh').update(name + CLIENT).digest('base64');
  assert.equal(calls[0].input.AuthParameters.SECRET_HASH, hash('Ann'));
  assert.equal(calls[1].input.ChallengeResponses.SECRET_HASH, hash('ann'));
});

test('a method that needs a password is not begun without one', async () => {
  const client = createClient({ userPoolId: POOL, clientId: CLIENT });
  await assert.rejects(signIn(client, { username: 'ann', method: 'srp' }), code('badOptions'));
});

test('custom sign-in begins with a proof if there is a password', async (t) => {
  const custom = { password: PASSWORD, method: 'custom' };
  const { calls, next } = await begin(t, [VERIFIER, asked('CUSTOM_CHALLENGE')], custom);
  assert.equal(next.step, 'custom');
  assert.equal(calls[0].input.AuthParameters.CHALLENGE_NAME, 'SRP_A');
});

test('what was preferred is asked for by AWS’s name', async (t) => {
  const { calls } = await begin(t, [DONE], { preferred: 'email', session: 'after-sign-up' });
  assert.deepEqual(calls[0].input.AuthParameters, {
    USERNAME: 'Ann',
    PREFERRED_CHALLENGE: 'EMAIL_OTP',
  });
  assert.equal(calls[0].input.Session, 'after-sign-up');
});
