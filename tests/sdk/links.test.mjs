// Does the link that Cognito's pools may send confirm users of clients that know nothing of it?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { Amplify } from 'aws-amplify';
import { signIn, signOut, signUp } from 'aws-amplify/auth';

import {
  ENDPOINT,
  PASSWORD,
  admin,
  anyone,
  createClient,
  createPool,
  lastSentTo,
  unique,
  uniqueEmail,
} from './world.mjs';

let poolId;
let clientId;

before(async () => {
  poolId = await createPool({
    VerificationMessageTemplate: {
      DefaultEmailOption: 'CONFIRM_WITH_LINK',
      EmailMessageByLink: 'Welcome! {##Yes, it is me##}',
      EmailSubjectByLink: 'Is it you?',
    },
  });
  ({ ClientId: clientId } = await createClient(poolId));
});

/** The link that was sent there, from the mail as a person gets it. */
async function linkSentTo(email) {
  const { subject, body } = await lastSentTo(email);
  assert.equal(subject, 'Is it you?');
  const [, href] = /^Welcome! <a href="([^"]+)">Yes, it is me<\/a>$/.exec(body);
  return new URL(href.replaceAll('&amp;', '&'));
}

/** What the button of the page sends. */
function press(link) {
  const { origin, pathname, searchParams: body } = link;
  return fetch(origin + pathname, { method: 'POST', body });
}

const status = async (Username) =>
  (await admin.adminGetUser({ UserPoolId: poolId, Username })).UserStatus;

test('a link that the SDK asked for confirms by its button, and once', async () => {
  const [Username, email] = [unique(), uniqueEmail()];
  const { CodeDeliveryDetails } = await anyone.signUp({
    ClientId: clientId,
    Username,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: email }],
  });
  assert.equal(CodeDeliveryDetails.DeliveryMedium, 'EMAIL');
  const link = await linkSentTo(email);
  assert.equal(link.origin, new URL(ENDPOINT).origin);
  assert.equal(link.pathname, '/confirmUser');
  assert.deepEqual([...link.searchParams.keys()], ['client_id', 'user_name', 'confirmation_code']);

  const page = await fetch(link);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type'), /^text\/html/);
  assert.equal(await status(Username), 'UNCONFIRMED', 'who only looks confirms nobody');
  const done = await press(link);
  assert.equal(done.status, 200);
  assert.match(await done.text(), /has been confirmed/);
  assert.equal(await status(Username), 'CONFIRMED');
  assert.equal((await press(link)).status, 400);
});

test('another message makes the link of the first one void', async () => {
  const [Username, email] = [unique(), uniqueEmail()];
  const UserAttributes = [{ Name: 'email', Value: email }];
  await anyone.signUp({ ClientId: clientId, Username, Password: PASSWORD, UserAttributes });
  const first = await linkSentTo(email);
  await anyone.resendConfirmationCode({ ClientId: clientId, Username });
  assert.equal((await press(first)).status, 400);
  assert.equal((await press(await linkSentTo(email))).status, 200);
});

test('a user of Amplify signs in after the link', async () => {
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: ENDPOINT },
    },
  });
  const [username, email] = [unique(), uniqueEmail()];
  const { isSignUpComplete, nextStep } = await signUp({
    username,
    password: PASSWORD,
    options: { userAttributes: { email } },
  });
  assert.deepEqual([isSignUpComplete, nextStep.signUpStep], [false, 'CONFIRM_SIGN_UP']);
  const early = await signIn({ username, password: PASSWORD });
  assert.equal(early.nextStep.signInStep, 'CONFIRM_SIGN_UP');
  assert.equal((await press(await linkSentTo(email))).status, 200);
  const { isSignedIn } = await signIn({ username, password: PASSWORD });
  assert.ok(isSignedIn);
  await signOut();
});
