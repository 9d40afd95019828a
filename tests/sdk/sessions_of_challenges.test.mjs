// Is one session of a challenge good for one answer, of its own user through its own client, however
// many answers come together? And does a sign-in come to the level that is asked for?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { Authenticator } from './authenticator.mjs';
import {
  admin,
  anotherCode,
  anyone,
  claims,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  PASSWORD,
  refused,
} from './world.mjs';

const AT_ONCE = 12;
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:any';
const FOREIGN = 'Invalid session for the user.';
const USED = 'Invalid session for the user, session can only be used once.';

let functions;
let pool;
/** What the functions ask first. */
let first = 'CUSTOM_CHALLENGE';

before(async () => {
  functions = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const event = JSON.parse(body);
    event.response.issueTokens = event.request.session?.length > 0;
    event.response.challengeName = first;
    event.response.answerCorrect = true;
    response.end(JSON.stringify(event));
  }).listen(0, '127.0.0.1');
  await once(functions, 'listening');
  const poolId = await createPool({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    LambdaConfig: {
      DefineAuthChallenge: ARN,
      CreateAuthChallenge: ARN,
      VerifyAuthChallengeResponse: ARN,
    },
    UserPoolTags: { 'cognate:triggers': `http://127.0.0.1:${functions.address().port}/` },
  });
  await admin.setUserPoolMfaConfig({
    UserPoolId: poolId,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
  });
  const flows = ['CUSTOM_AUTH', 'USER_AUTH', 'USER_PASSWORD_AUTH'];
  const ExplicitAuthFlows = flows.map((flow) => `ALLOW_${flow}`);
  const { ClientId } = await createClient(poolId, { ExplicitAuthFlows });
  const other = await createClient(poolId, { ExplicitAuthFlows });
  pool = { poolId, ClientId, other: other.ClientId };
});

after(() => {
  functions.closeAllConnections();
  functions.close();
});

function begin(AuthFlow, USERNAME, more = {}) {
  const AuthParameters = { USERNAME, ...more };
  return anyone.initiateAuth({ ClientId: pool.ClientId, AuthFlow, AuthParameters });
}

function answer({ ChallengeName, Session }, ChallengeResponses, ClientId = pool.ClientId) {
  return anyone.respondToAuthChallenge({ ClientId, ChallengeName, Session, ChallengeResponses });
}

/** A user with an authenticator app, which is asked for if it is `wanted`. */
async function equipped(wanted) {
  const { username, email } = await createUser(pool.poolId);
  const { AuthenticationResult } = await begin('USER_PASSWORD_AUTH', username, { PASSWORD });
  const { AccessToken } = AuthenticationResult;
  const { SecretCode } = await anyone.associateSoftwareToken({ AccessToken });
  const app = new Authenticator(SecretCode);
  await anyone.verifySoftwareToken({ AccessToken, UserCode: await app.code() });
  const SoftwareTokenMfaSettings = { Enabled: wanted, PreferredMfa: wanted };
  await anyone.setUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings });
  return { username, email, app, AccessToken };
}

/** Every kind of session, and the right answer to it. */
async function sessions() {
  const ann = await equipped(true);
  const { username: USERNAME, app } = ann;
  const { username, email } = await createUser(pool.poolId);
  const mailed = await begin('USER_AUTH', username, { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
  return [
    [
      await begin('USER_PASSWORD_AUTH', USERNAME, { PASSWORD }),
      { USERNAME, SOFTWARE_TOKEN_MFA_CODE: await app.code() },
    ],
    [mailed, { USERNAME: username, EMAIL_OTP_CODE: await codeSentTo(email) }],
    [await begin('USER_AUTH', username), { USERNAME: username, ANSWER: 'PASSWORD', PASSWORD }],
    [await begin('CUSTOM_AUTH', username), { USERNAME: username, ANSWER: 'yes' }],
  ];
}

test('of many answers at once to one session exactly one wins', async () => {
  for (const [asked, right] of await sessions()) {
    const calls = Array.from({ length: AT_ONCE }, () => answer(asked, right));
    const settled = await Promise.allSettled(calls);
    const won = settled.filter(({ status }) => status === 'fulfilled');
    assert.equal(won.length, 1, asked.ChallengeName);
    assert.ok(won[0].value.AuthenticationResult.AccessToken);
    for (const { reason } of settled.filter(({ status }) => status === 'rejected')) {
      assert.equal(reason.name, 'NotAuthorizedException', asked.ChallengeName);
      assert.equal(reason.message, USED, asked.ChallengeName);
    }
  }
});

test('a session is none of another user, client or challenge', async () => {
  const { username: USERNAME } = await createUser(pool.poolId);
  for (const [asked, right] of await sessions()) {
    const name = 'NotAuthorizedException';
    await refused(answer(asked, { ...right, USERNAME }), name, FOREIGN);
    await refused(answer(asked, right, pool.other), name, FOREIGN);
    const other = { ...asked, ChallengeName: 'NEW_PASSWORD_REQUIRED' };
    await refused(answer(other, { ...right, NEW_PASSWORD: 'New-Horse-7' }), name, FOREIGN);
    await answer(asked, right);
  }
});

test('guessed codes lock a user, whatever sessions they come in', async () => {
  const { username: USERNAME, app } = await equipped(true);
  const right = await app.code();
  const wrong = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: anotherCode(right) };
  const asked = [];
  for (let n = 0; n < 3; n += 1) asked.push(await begin('USER_PASSWORD_AUTH', USERNAME, { PASSWORD }));
  const guesses = Array.from({ length: AT_ONCE }, (_, n) => answer(asked[n % 3], wrong));
  const settled = await Promise.allSettled(guesses);
  const looked = settled.filter(({ reason }) => reason.name === 'CodeMismatchException');
  const shut = settled.filter(({ reason }) => reason.message === 'Password attempts exceeded');
  assert.equal(looked.length + shut.length, AT_ONCE);
  assert.ok(shut.length >= AT_ONCE - 7, `${looked.length} guesses were looked at`);
});

test('a sign-in comes to the level of assurance that is asked for', async () => {
  const { username, app, AccessToken } = await equipped(false);
  const TARGET_ACR_VALUES = 'urn:example:other urn:cognito:loa:4 urn:cognito:loa:3';
  const asked = await begin('USER_AUTH', username, { TARGET_ACR_VALUES, ACCESS_TOKEN: AccessToken });
  assert.equal(asked.ChallengeName, 'SOFTWARE_TOKEN_MFA');
  const code = { USERNAME: username, SOFTWARE_TOKEN_MFA_CODE: await app.code() };
  const { AuthenticationResult: tokens } = await answer(asked, code);
  for (const token of [tokens.IdToken, tokens.AccessToken]) {
    const { acr, amr } = claims(token);
    assert.deepEqual([acr, amr], ['urn:cognito:loa:4', ['pwd', 'otp', 'mfa']]);
  }
  const old = { TARGET_ACR_VALUES, ACCESS_TOKEN: AccessToken, MAX_AGE: '0' };
  await new Promise((resolve) => setTimeout(resolve, 5));
  const afresh = await begin('USER_AUTH', username, old);
  assert.equal(afresh.ChallengeName, 'SELECT_CHALLENGE');
  assert.deepEqual(afresh.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD']);
});

test('an administrator is asked for the password itself, where functions want that', async () => {
  const client = await createClient(pool.poolId, {
    ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
  });
  const { username: USERNAME } = await createUser(pool.poolId);
  const of = { UserPoolId: pool.poolId, ClientId: client.ClientId };
  first = 'ADMIN_NO_SRP_AUTH';
  const asked = await admin.adminInitiateAuth({
    ...of,
    AuthFlow: 'CUSTOM_AUTH',
    AuthParameters: { USERNAME },
  });
  assert.equal(asked.ChallengeName, 'ADMIN_NO_SRP_AUTH');
  const { AuthenticationResult } = await admin.adminRespondToAuthChallenge({
    ...of,
    ChallengeName: asked.ChallengeName,
    Session: asked.Session,
    ChallengeResponses: { USERNAME, PASSWORD },
  });
  assert.ok(AuthenticationResult.AccessToken);
});
