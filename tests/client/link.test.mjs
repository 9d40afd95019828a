// Does a link in a mail sign a user in, where it was asked for and nowhere else?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  createClient,
  followSignInLink,
  getSession,
  memoryStorage,
  respond,
  sendSignInLink,
  signIn,
  signUp,
} from '../../js/dist/client.js';

import {
  createClient as createAppClient,
  createPool,
  createUser,
  ENDPOINT,
  lastSentTo,
  PASSWORD,
  unique,
  uniqueEmail,
} from '../sdk/world.mjs';
import { launch, shoot } from './site.mjs';

const redirectUri = 'https://app.example.com/signed-in';

let pool;

before(async () => {
  const userPoolId = await createPool({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
  });
  const { ClientId: clientId } = await createAppClient(userPoolId, {
    ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    CallbackURLs: [redirectUri],
  });
  pool = { userPoolId, clientId };
});

/** A browser of its own. */
const browser = () => createClient({ ...pool, endpoint: ENDPOINT, storage: memoryStorage() });

const user = () => createUser(pool.userPoolId);

const code = (wanted) => (error) => {
  assert.equal(error.code, wanted, error.stack);
  return true;
};

test('a link signs in where it was asked for', async () => {
  const { username, email } = await user();
  const client = browser();
  const waiting = await sendSignInLink(client, { username, redirectUri });
  assert.equal(waiting.step, 'code');
  const { link, body } = await lastSentTo(email);
  assert.ok(body.includes(`<a href="${link}">`));
  assert.equal(await followSignInLink(client, redirectUri), null, 'that is no link');
  const next = await followSignInLink(client, link);
  assert.equal(next.step, 'done');
  assert.equal((await getSession(client)).username, username);
  await assert.rejects(followSignInLink(client, link), code('challengeEnded'));
});

test('elsewhere a link does nothing, and still works where it was asked for', async () => {
  const { username, email } = await user();
  const [client, other] = [browser(), browser()];
  await sendSignInLink(client, { username, redirectUri });
  const { link } = await lastSentTo(email);
  await assert.rejects(followSignInLink(other, link), code('challengeEnded'));
  await sendSignInLink(other, { username, redirectUri });
  await assert.rejects(followSignInLink(other, link), code('codeMismatch'));
  assert.equal((await followSignInLink(client, link)).step, 'done');
});

test('the code of the mail can be typed instead', async () => {
  const { username, email } = await user();
  const client = browser();
  const waiting = await sendSignInLink(client, { username, redirectUri });
  const next = await respond(client, waiting, { code: (await lastSentTo(email)).code });
  assert.equal(next.step, 'done');
});

test('a link to a page that is not the client’s is not sent', async () => {
  const { username } = await user();
  const evil = { username, redirectUri: 'https://evil.example.com/' };
  await assert.rejects(sendSignInLink(browser(), evil), code('invalidParameter'));
});

test('a person confirms by the page behind the link, in Chromium', async () => {
  const userPoolId = await createPool({
    VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' },
  });
  const { ClientId: clientId } = await createAppClient(userPoolId);
  const [username, email] = [unique(), uniqueEmail()];
  const client = createClient({ userPoolId, clientId, endpoint: ENDPOINT });
  await signUp(client, { username, password: PASSWORD, attributes: { email } });
  const { link } = await lastSentTo(email);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(link);
    await shoot(page, 'link-1-confirm');
    await page.click('button');
    await page.waitForSelector('text=has been confirmed');
    await shoot(page, 'link-2-confirmed');
  } finally {
    await browser.close();
  }
  assert.equal((await signIn(client, { username, password: PASSWORD })).step, 'done');
});
