// Does an application sign users in in a real browser? The packed package, built by Vite, in
// Chromium, against a real service.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  admin,
  codeSentTo,
  createClient,
  createPool,
  ENDPOINT,
  PASSWORD,
  unique,
  uniqueEmail,
} from '../sdk/world.mjs';
import { fill, launch, publish, refresh, shoot, text } from './site.mjs';

let browser;
let site;
let address;
let pool;

before(async () => {
  browser = await launch();
  site = await publish();
  const userPoolId = await createPool();
  const { ClientId: clientId } = await createClient(userPoolId);
  pool = userPoolId;
  const query = new URLSearchParams({ userPoolId, clientId, endpoint: ENDPOINT });
  address = `${site.address}?${query}`;
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(context) {
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(address);
  return page;
}

test('a user signs up, comes back, uses two tabs and leaves', async () => {
  const context = await browser.newContext();
  const page = await open(context);
  const [username, email] = [unique(), uniqueEmail()];
  await fill(page, { username, email, password: PASSWORD });
  await page.click('text=Sign up');
  await page.waitForSelector('#confirm', { state: 'visible' });
  await shoot(page, '1-confirm');

  await admin.createGroup({ UserPoolId: pool, GroupName: 'readers' });
  const joined = { UserPoolId: pool, Username: username, GroupName: 'readers' };
  await admin.adminAddUserToGroup(joined);
  await page.fill('[name=code]', await codeSentTo(email));
  await page.click('text=Confirm');
  await page.waitForSelector('#user', { state: 'visible' });
  assert.equal(await text(page, 'name'), username);
  assert.equal(await text(page, 'groups'), 'readers');
  assert.ok(site.asked.some((name) => name.endsWith('.wasm')), 'by wasm');
  await shoot(page, '2-signed-in');

  await refresh(page);

  await page.reload();
  await page.waitForSelector('#user', { state: 'visible' });
  assert.equal(await text(page, 'name'), username);

  const other = await open(context);
  await other.waitForSelector('#user', { state: 'visible' });
  await refresh(page, other);
  assert.equal(await text(other, 'token'), await text(page, 'token'), 'both tabs have the same');

  await other.click('text=Sign out');
  await page.waitForSelector('#enter', { state: 'visible' });
  await shoot(page, '3-signed-out');
  await context.close();
});

test('two tabs that refresh at once ask once', async () => {
  const context = await browser.newContext();
  const [one, other] = [await open(context), await open(context)];
  const username = unique();
  await admin.adminCreateUser({ UserPoolId: pool, Username: username, MessageAction: 'SUPPRESS' });
  const password = { Password: PASSWORD, Permanent: true };
  await admin.adminSetUserPassword({ UserPoolId: pool, Username: username, ...password });
  await fill(one, { username, password: PASSWORD });
  await one.click('text=Sign in');
  for (const page of [one, other]) await page.waitForSelector('#user', { state: 'visible' });

  // Both find tokens that are about to expire.
  await one.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('cognate.'));
    const session = JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify({ ...session, expiresAt: Date.now() + 1000 }));
  });
  let refreshes = 0;
  context.on('request', (request) => {
    const target = request.headers()['x-amz-target'] ?? '';
    if (target.endsWith('.GetTokensFromRefreshToken')) refreshes += 1;
  });
  await Promise.all([one.reload(), other.reload()]);
  for (const page of [one, other]) await page.waitForSelector('#user', { state: 'visible' });
  assert.equal(await text(one, 'token'), await text(other, 'token'));
  assert.equal(refreshes, 1);
  await context.close();
});

test('a wrong password and a service that is gone are told', async () => {
  const context = await browser.newContext();
  const page = await open(context);
  await fill(page, { username: 'nobody', password: PASSWORD });
  await page.click('text=Sign in');
  await page.waitForSelector('#error:has-text("userNotFound")');
  await context.setOffline(true);
  await page.click('text=Sign in');
  await page.waitForSelector('#error:has-text("network")');
  await shoot(page, '4-offline');
  await context.close();
});
