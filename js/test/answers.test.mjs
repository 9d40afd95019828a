// Does the client take all that Amazon Cognito may answer, and nothing else?

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  changePassword,
  CognateError,
  confirmForgotPassword,
  confirmSignUp,
  createClient,
  deleteUser,
  deleteUserAttributes,
  forgotPassword,
  getSession,
  getUser,
  getUserAttributeVerificationCode,
  resendConfirmationCode,
  respond,
  signIn,
  signOut,
  signUp,
  updateUserAttributes,
  verifyUserAttribute,
} from 'cognate/client';

import { CLIENT, PASSWORD, POOL, tokens } from './world.mjs';

const { operations, shapes } = JSON.parse(
  readFileSync(new URL('../../tests/model/cognito-idp.json', import.meta.url)),
);

const challenge = (name, parameters = {}) => ({
  step: name,
  ...parameters,
  state: { name: 'ANY', username: 'ann', session: 'session-of-twenty-characters' },
});

/** What is called, by the operation that it asks for. */
const CALLS = {
  InitiateAuth: (client) => signIn(client, { username: 'ann', password: PASSWORD, method: 'password' }),
  RespondToAuthChallenge: (client) => respond(client, challenge('code'), { code: '123456' }),
  AssociateSoftwareToken: (client) => respond(client, challenge('setUpMfa'), { choice: 'totp' }),
  VerifySoftwareToken: (client) => respond(client, challenge('setUpTotp'), { code: '123456' }),
  SignUp: (client) => signUp(client, { username: 'ann', password: PASSWORD }),
  ConfirmSignUp: (client) => confirmSignUp(client, { username: 'ann', code: '123456' }),
  ResendConfirmationCode: (client) => resendConfirmationCode(client, { username: 'ann' }),
  ForgotPassword: (client) => forgotPassword(client, { username: 'ann' }),
  ConfirmForgotPassword: (client) =>
    confirmForgotPassword(client, { username: 'ann', code: '123456', newPassword: PASSWORD }),
  ChangePassword: (client) => changePassword(client, { currentPassword: 'a', newPassword: 'b' }),
  GetUser: getUser,
  UpdateUserAttributes: (client) => updateUserAttributes(client, { email: 'a@example.com' }),
  DeleteUserAttributes: (client) => deleteUserAttributes(client, ['name']),
  GetUserAttributeVerificationCode: (client) => getUserAttributeVerificationCode(client, 'email'),
  VerifyUserAttribute: (client) => verifyUserAttribute(client, { name: 'email', code: '123456' }),
  GetTokensFromRefreshToken: (client) => getSession(client, { refresh: true }),
  RevokeToken: (client) => signOut(client),
  GlobalSignOut: (client) => signOut(client, { everywhere: true }),
  DeleteUser: deleteUser,
};

/** An answer of that shape with every member that AWS's model knows. */
function full(name, inside = []) {
  const shape = shapes[name];
  if (name === 'AuthenticationResultType') {
    return { ...tokens(), NewDeviceMetadata: full('NewDeviceMetadataType') };
  }
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(shape.members)
          .filter(([, member]) => !inside.includes(member))
          .map(([member, target]) => [member, full(target, [...inside, name])]),
      );
    case 'list':
      return [full(shape.member, inside)];
    case 'map':
      return { anything: 'at all' };
    case 'string':
      return shape.enum?.[0] ?? 'text';
    case 'boolean':
      return true;
    default:
      return 1;
  }
}

/** A client of a service that gives that to that operation, and to others what they want to hear. */
async function clientOf(operation, answer, settings = {}) {
  const usual = {
    InitiateAuth: { AuthenticationResult: tokens() },
    GetTokensFromRefreshToken: { AuthenticationResult: tokens() },
    RespondToAuthChallenge: { AuthenticationResult: tokens() },
  };
  let armed = false;
  const fetch = async (request) => {
    const asked = request.headers.get('x-amz-target').split('.')[1];
    const given = armed && asked === operation ? answer : (usual[asked] ?? {});
    return new Response(typeof given === 'string' ? given : JSON.stringify(given), settings);
  };
  const endpoint = 'http://127.0.0.1:1';
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint, fetch });
  await signIn(client, { username: 'ann', password: PASSWORD, method: 'password' });
  armed = true;
  return client;
}

const outputOf = (operation) => operations[operation].output;

for (const [operation, call] of Object.entries(CALLS)) {
  test(`${operation}: all that AWS's model knows is taken, and more`, async () => {
    const output = outputOf(operation);
    const answer = { ...(output ? full(output) : {}), InventedTomorrow: { a: [1] } };
    await call(await clientOf(operation, answer));
  });

  test(`${operation}: any part may be wrong, and it is told as a bad response`, async () => {
    const answer = outputOf(operation) ? full(outputOf(operation)) : {};
    for (const [path, wrong] of [...variants(answer), ...['', '{', '[]', 'null', '7', '"x"'].map((text) => [text, text])]) {
      const client = await clientOf(operation, wrong);
      try {
        await call(client);
      } catch (error) {
        assert.ok(error instanceof CognateError, `${path}: ${error.stack}`);
        assert.ok(['badResponse', 'codeMismatch'].includes(error.code), `${path}: ${error.code}`);
      }
      const isGone = ['RevokeToken', 'GlobalSignOut', 'DeleteUser'].includes(operation);
      if (!isGone) assert.ok(await getSession(client), `${path}: the session was lost`);
    }
  });
}

/** The same with one member replaced by something else, for each member and each something. */
function* variants(answer, path = '') {
  for (const [name, member] of Object.entries(answer)) {
    for (const wrong of [null, undefined, 7, true, '', 'text', [], [null], {}, { a: null }]) {
      yield [`${path}.${name}: ${JSON.stringify(wrong)}`, { ...answer, [name]: wrong }];
    }
    if (typeof member !== 'object' || Array.isArray(member)) continue;
    for (const [below, inner] of variants(member, `${path}.${name}`)) {
      yield [below, { ...answer, [name]: inner }];
    }
  }
}

/** Answers of Amazon Cognito as they were seen, but for the secrets. */
const SEEN = [
  [
    'tokens come with empty parameters',
    { AuthenticationResult: tokens(), ChallengeParameters: {} },
    { step: 'done' },
  ],
  [
    'a code by SMS names its medium twice',
    {
      ChallengeName: 'SMS_MFA',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: '+*******1234',
        USER_ID_FOR_SRP: 'ann',
      },
      Session: 's'.repeat(1587),
    },
    { step: 'code', channel: 'sms', delivery: { destination: '+*******1234', medium: 'SMS' } },
  ],
  [
    'a new password is asked for with attributes of all kinds, and none required',
    {
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: {
        USER_ID_FOR_SRP: 'ann',
        requiredAttributes: '[]',
        userAttributes: '{"email_verified":"true","email":"ann@example.com"}',
      },
      Session: 's'.repeat(1543),
    },
    {
      step: 'newPassword',
      attributes: { email_verified: 'true', email: 'ann@example.com' },
      requiredAttributes: [],
    },
  ],
  [
    'a choice of factors lists some twice',
    {
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
      ChallengeName: 'SELECT_CHALLENGE',
      ChallengeParameters: {},
      Session: 's'.repeat(1543),
    },
    { step: 'selectFactor', choices: ['password', 'email'] },
  ],
  [
    'a preferred factor comes with the others beside it',
    {
      AvailableChallenges: ['PASSWORD_SRP', 'EMAIL_OTP'],
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
        CODE_DELIVERY_DESTINATION: 'a***@e***',
      },
      Session: 's'.repeat(1543),
    },
    { step: 'code', channel: 'email', delivery: { destination: 'a***@e***', medium: 'EMAIL' } },
  ],
  [
    'an authenticator may have no name',
    { ChallengeName: 'SOFTWARE_TOKEN_MFA', ChallengeParameters: { USER_ID_FOR_SRP: 'ann' }, Session: 's' },
    { step: 'code', channel: 'totp' },
  ],
  [
    'a challenge of a trigger may have parameters of any name, and no user',
    { ChallengeName: 'CUSTOM_CHALLENGE', ChallengeParameters: { ['__proto__']: 'x', hint: '' }, Session: 's' },
    { step: 'custom', parameters: { ['__proto__']: 'x', hint: '' } },
  ],
];

for (const [what, answer, wanted] of SEEN) {
  test(what, async () => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': '5d1ee4d8-1f2c-4b1a-9d0f-2d2c6a1e7f00',
    };
    const client = await clientOf('InitiateAuth', answer, { headers });
    const { state, session, ...shown } = await CALLS.InitiateAuth(client);
    assert.deepEqual(shown, wanted);
    if (state) assert.deepEqual([state.username, state.session], ['ann', answer.Session]);
  });
}

test('what sign-up gives lets the user go on without another proof', async () => {
  const sent = [];
  const answers = [
    { UserConfirmed: false, UserSub: 'sub', Session: 'after sign-up' },
    { Session: 'after confirmation' },
    { AuthenticationResult: tokens() },
  ];
  const fetch = async (request) => {
    sent.push(await request.json());
    return Response.json(answers[sent.length - 1]);
  };
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, fetch });
  const { session } = await signUp(client, { username: 'ann', password: PASSWORD });
  const confirmed = await confirmSignUp(client, { username: 'ann', code: '123456', session });
  const done = await signIn(client, { username: 'ann', session: confirmed.session });
  assert.equal(done.step, 'done');
  assert.deepEqual([sent[1].Session, sent[2].Session], ['after sign-up', 'after confirmation']);
});
