// Does an application do without any server? The demo again, with the whole service in the page and
// its users in IndexedDB, in a real browser.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { Cognate } from '../../js/dist/kernel.js';
import { createClient, createPool, PASSWORD, REGION, unique, uniqueEmail } from '../sdk/world.mjs';
import { fill, launch, publish, refresh, shoot, text } from './site.mjs';

const SERVERLESS = new URL('demo/serverless.js', import.meta.url);
/** Enough for the records of a pool, and for not much more. */
const ROOM_BYTES = 1 << 20;
/** Chromium takes its time to find that there is no room. */
const FULL_MS_MAX = 120_000;

let browser;
let site;
let address;
let pool;

const sdk = (cognate, requestHandler = cognate.requestHandler) =>
  new CognitoIdentityProvider({
    credentials: cognate.credentials,
    endpoint: cognate.endpoint,
    maxAttempts: 1,
    region: REGION,
    requestHandler,
  });

before(async () => {
  const cognate = await Cognate.open();
  const aws = sdk(cognate);
  pool = await createPool({}, aws);
  const { ClientId: clientId } = await createClient(pool, {}, aws);
  browser = await launch();
  site = await publish({
    'environment.js': await readFile(SERVERLESS),
    'public/start.records': await cognate.snapshot(),
  });
  address = `${site.address}?${new URLSearchParams({ userPoolId: pool, clientId })}`;
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(context) {
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(address);
  await page.waitForFunction(() => globalThis.cognate !== undefined);
  return page;
}

/** Asks the service in a page; gives status and body, or the code of our error. */
function ask(page, request) {
  return page.evaluate(async ({ url, ...init }) => {
    try {
      const response = await globalThis.cognate.fetch(new Request(url, init));
      const headers = Object.fromEntries(response.headers);
      return { status: response.status, headers, body: await response.text() };
    } catch (error) {
      return { code: error.code, message: error.message };
    }
  }, request);
}

/** An administrator outside of a page whose service is in it. */
function administrator(page) {
  const handle = async ({ body, headers, method, path }) => {
    const sent = await new Response(body).text();
    const { code, ...told } = await ask(page, { url: `http://localhost${path}`, method, headers, body: sent });
    if (code) throw Object.assign(new Error(told.message), { name: code });
    const response = { statusCode: told.status, headers: told.headers, body: new Response(told.body).body };
    return { response };
  };
  const credentials = { accessKeyId: 'AKIACOGNATEDEVELOP01', secretAccessKey: 'cognate/development/secret/access/key000' };
  return sdk({ credentials, endpoint: 'http://localhost' }, { handle });
}

async function codeSentTo(page, email) {
  const query = new URLSearchParams({ destination: email });
  const { body } = await ask(page, { url: `http://localhost/_cognate/outbox.json?${query}` });
  return JSON.parse(body).Messages.at(-1).code;
}

async function signUp(page) {
  const [username, email] = [unique(), uniqueEmail()];
  await fill(page, { username, email, password: PASSWORD });
  await page.click('text=Sign up');
  await page.waitForSelector('#confirm', { state: 'visible' });
  await page.fill('[name=code]', await codeSentTo(page, email));
  return username;
}

test('a user signs up, comes back, uses two tabs and leaves', async () => {
  const context = await browser.newContext();
  const asked = [];
  context.on('request', (request) => asked.push(request));
  const page = await open(context);
  const username = await signUp(page);
  await shoot(page, 'serverless-1-confirm');
  const admin = administrator(page);
  await admin.createGroup({ UserPoolId: pool, GroupName: 'readers' });
  await admin.adminAddUserToGroup({ UserPoolId: pool, Username: username, GroupName: 'readers' });
  await page.click('text=Confirm');
  await page.waitForSelector('#user', { state: 'visible' });
  assert.equal(await text(page, 'name'), username);
  assert.equal(await text(page, 'groups'), 'readers');
  await shoot(page, 'serverless-2-signed-in');

  await refresh(page);
  await page.reload();
  await page.waitForSelector('#user', { state: 'visible' });
  assert.equal(await text(page, 'name'), username);

  const other = await open(context);
  await other.waitForSelector('#user', { state: 'visible' });
  await refresh(other, page);
  await shoot(other, 'serverless-3-second-tab');

  // The tab that ran the service goes; the other one does from then on.
  await page.close();
  await refresh(other);
  await other.click('text=Sign out');
  await other.waitForSelector('#enter', { state: 'visible' });
  await fill(other, { username, password: PASSWORD });
  await other.click('text=Sign in');
  await other.waitForSelector('#user', { state: 'visible' });
  await other.click('text=Sign out');
  await other.waitForSelector('#enter', { state: 'visible' });
  await shoot(other, 'serverless-4-signed-out');

  const elsewhere = asked.filter((request) => request.method() !== 'GET' || !request.url().startsWith(site.address));
  assert.deepEqual(elsewhere.map((request) => request.url()), []);
  await context.close();
});

test('many tabs have the same users, and no change is lost when the first is closed', async () => {
  const context = await browser.newContext();
  const pages = [await open(context)];
  for (let n = 0; n < 3; n += 1) pages.push(await open(context));
  const [first, ...others] = pages;
  const made = [];
  const write = async (page, n) => {
    const GroupName = `group-${n}`;
    const told = await administrator(page).createGroup({ UserPoolId: pool, GroupName }).catch((error) => error);
    if (told instanceof Error) assert.equal(told.name, 'network', told.stack);
    else made.push(GroupName);
  };
  const writes = Array.from({ length: 60 }, (_, n) => write(others[n % others.length], n));
  await Promise.race(writes);
  await first.close();
  await Promise.all(writes);
  await Promise.all(others.map((page, n) => write(page, `late-${n}`)));
  assert.ok(made.length > others.length);
  for (const page of others) {
    const admin = administrator(page);
    await Promise.all(made.map((GroupName) => admin.getGroup({ UserPoolId: pool, GroupName })));
    // Whichever it was: the next one has the service.
    await page.evaluate(() => globalThis.cognate.close());
    const { code } = await ask(page, { url: 'http://localhost/_cognate/outbox.json' });
    assert.equal(code, 'storage', 'closed is closed');
  }
  await context.close();
});

test('a browser without room says so, and the service goes on reading', async () => {
  const context = await browser.newContext();
  const devtools = await context.newCDPSession(await context.newPage());
  const { origin } = new URL(address);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: ROOM_BYTES });
  const page = await open(context);
  const admin = administrator(page);
  await admin.createGroup({ UserPoolId: pool, GroupName: 'kept' });
  const Description = 'x'.repeat(2048);
  let refusal;
  const names = [];
  const until = Date.now() + FULL_MS_MAX;
  for (let n = 0; Date.now() < until && !refusal; n += 1) {
    const GroupName = `full-${n}`;
    await admin.createGroup({ UserPoolId: pool, GroupName, Description }).then(
      () => names.push(GroupName),
      (error) => (refusal = { GroupName, error }),
    );
  }
  assert.equal(refusal?.error.name, 'storeFull', refusal?.error.stack);
  const lost = { UserPoolId: pool, GroupName: refusal.GroupName };
  await assert.rejects(admin.getGroup(lost), { name: 'ResourceNotFoundException' });
  for (const GroupName of ['kept', ...names]) await admin.getGroup({ UserPoolId: pool, GroupName });

  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await admin.createGroup(lost);
  await page.reload();
  await page.waitForFunction(() => globalThis.cognate !== undefined);
  await admin.getGroup(lost);
  await context.close();
});

test('a store that was spoiled is told and left alone', async () => {
  const context = await browser.newContext();
  const page = await open(context);
  await administrator(page).createGroup({ UserPoolId: pool, GroupName: 'kept' });
  const spoil = (isByte) =>
    page.evaluate(async (flips) => {
      const wait = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
      await globalThis.cognate.close();
      const database = await wait(indexedDB.open('cognate.kernel.demo'));
      const journal = database.transaction('journal', 'readwrite').objectStore('journal');
      const [key] = await wait(journal.getAllKeys());
      const bytes = await wait(journal.get(key));
      if (flips) bytes[bytes.length >> 1] ^= 1;
      await wait(journal.put(flips ? bytes : 'nonsense', key));
      database.close();
    }, isByte);
  for (const [isByte, sentence] of [[true, /spoiled/], [true, null], [false, /no record/]]) {
    await spoil(isByte);
    const other = await context.newPage();
    const told = other.waitForEvent('pageerror', { timeout: sentence ? 30_000 : 1 }).catch(() => null);
    await other.goto(address);
    const error = await told;
    if (sentence) assert.match(`${error}`, sentence);
    else await other.waitForFunction(() => globalThis.cognate !== undefined);
    await other.close();
  }
  await context.close();
});
