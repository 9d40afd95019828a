// Do real clients sign in by what functions ask?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
} from 'amazon-cognito-identity-js';
import { Amplify } from 'aws-amplify';
import { confirmSignIn, fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';

import { ENDPOINT, PASSWORD, admin, createClient, createPool, unique } from './world.mjs';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:';
const username = unique();

/** What each function does with its event, by the first word of the source. */
const FUNCTIONS = {
  DefineAuthChallenge({ request, response }) {
    const last = request.session.at(-1);
    if (last?.challengeName === 'SRP_A') response.challengeName = 'PASSWORD_VERIFIER';
    else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) {
      response.issueTokens = true;
    } else if (request.session.length > 4) response.failAuthentication = true;
    else response.challengeName = 'CUSTOM_CHALLENGE';
  },
  CreateAuthChallenge({ response }) {
    response.publicChallengeParameters = { question: '6 * 7' };
    response.privateChallengeParameters = { answer: '42' };
    response.challengeMetadata = 'SUM';
  },
  VerifyAuthChallengeResponse({ request, response }) {
    const { privateChallengeParameters, challengeAnswer } = request;
    response.answerCorrect = privateChallengeParameters.answer === challengeAnswer;
  },
  TokenGeneration({ response }) {
    response.claimsOverrideDetails = { claimsToAddOrOverride: { asked: 'a sum' } };
  },
};

let server;
let poolId;
let clientId;

before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const event = JSON.parse(body);
    FUNCTIONS[event.triggerSource.split('_')[0]](event);
    response.end(JSON.stringify(event));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  poolId = await createPool({
    LambdaConfig: {
      DefineAuthChallenge: `${ARN}define`,
      CreateAuthChallenge: `${ARN}create`,
      VerifyAuthChallengeResponse: `${ARN}verify`,
      PreTokenGeneration: `${ARN}tokens`,
    },
    UserPoolTags: { 'cognate:triggers': `http://127.0.0.1:${server.address().port}/` },
  });
  const flows = { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] };
  ({ ClientId: clientId } = await createClient(poolId, flows));
  const named = { UserPoolId: poolId, Username: username };
  await admin.adminCreateUser({ ...named, MessageAction: 'SUPPRESS' });
  await admin.adminSetUserPassword({ ...named, Password: PASSWORD, Permanent: true });
});

after(() => {
  server.closeAllConnections();
  server.close();
});

/** A user who begins in that way, and gives these answers. */
function asked(begin, answers) {
  const pool = new CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: ENDPOINT });
  const user = new CognitoUser({ Username: username, Pool: pool });
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  const details = new AuthenticationDetails({ Username: username, Password: PASSWORD });
  return new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: resolve,
      onFailure: reject,
      customChallenge(parameters) {
        assert.equal(parameters.question, '6 * 7');
        user.sendCustomChallengeAnswer(answers.shift(), callbacks);
      },
    };
    user[begin](details, callbacks);
  });
}

test('amazon-cognito-identity-js signs in by a custom challenge', async () => {
  const session = await asked('initiateAuth', ['41', '42']);
  assert.equal(session.getIdToken().payload.asked, 'a sum');
  assert.equal(session.getAccessToken().payload.username, username);
});

test('amazon-cognito-identity-js signs in by a challenge after a password by SRP', async () => {
  const session = await asked('authenticateUser', ['42']);
  assert.equal(session.getIdToken().payload.asked, 'a sum');
});

test('amazon-cognito-identity-js is refused after too many wrong answers', async () => {
  const wrong = Array.from({ length: 5 }, () => 'wrong');
  await assert.rejects(asked('initiateAuth', wrong), { name: 'NotAuthorizedException' });
});

for (const [authFlowType, password] of [
  ['CUSTOM_WITHOUT_SRP', undefined],
  ['CUSTOM_WITH_SRP', PASSWORD],
]) {
  test(`Amplify signs in by a custom challenge: ${authFlowType}`, async () => {
    Amplify.configure({
      Auth: {
        Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: ENDPOINT },
      },
    });
    const { nextStep } = await signIn({ username, password, options: { authFlowType } });
    assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
    assert.equal(nextStep.additionalInfo.question, '6 * 7');
    const { isSignedIn } = await confirmSignIn({ challengeResponse: '42' });
    assert.ok(isSignedIn);
    const { tokens } = await fetchAuthSession();
    assert.equal(tokens.idToken.payload.asked, 'a sum');
    await signOut();
  });
}
