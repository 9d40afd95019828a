// Does a Worker of one's own let in whoever signs with credentials of an identity pool, by the
// policies of their role? The example of the packed package in `wrangler dev`; AWS's signers beside
// ours.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';

import { SignatureV4 } from '@smithy/signature-v4';

import { extension } from '../sdk/extension.mjs';
import {
  anybody,
  createIdentityPool,
  createRole,
  iam,
  identities,
  providerOf,
  trust,
} from '../sdk/identity.mjs';
import {
  admin,
  createClient,
  createPool,
  createUser,
  CREDENTIALS,
  ENDPOINT,
  PASSWORD,
  REGION,
  signIn,
} from '../sdk/world.mjs';
import { install } from './packed.mjs';
import { launch, publish } from './site.mjs';
import { freePort, start } from './start.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const PYTHON = process.env.PYTHON ?? 'python3';
const ORDERS = ['arn:orders:::order/*'];

let remove;
let worker;
let shop;
let cognate;

before(async () => {
  const installed = await install();
  ({ remove } = installed);
  const load = (entry) =>
    import(pathToFileURL(join(installed.folder, `node_modules/cognate/dist/${entry}.js`)));
  cognate = { ...(await load('client')), ...(await load('credentials')) };
  shop = await settle();
  const folder = join(installed.folder, 'orders');
  await cp(path('../../js/examples/orders'), folder, { recursive: true });
  await writeFile(join(folder, '.dev.vars'), `COGNATE_URL="${ENDPOINT}"\nVERIFIER_KEY="${shop.key}"\n`);
  const port = await freePort();
  const wrangler = path('../../edge/node_modules/.bin/wrangler');
  const args = ['dev', '--local', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'];
  worker = await start(wrangler, [...args, '--show-interactive-dev-session=false'], {
    cwd: folder,
    port,
    env: { WRANGLER_SEND_METRICS: 'false', CI: '1' },
  });
});

after(async () => {
  await worker?.kill();
  await remove?.();
});

/** Readers may read orders; editors may change them, too; guests may do nothing. */
async function settle() {
  const userPoolId = await createPool();
  const { ClientId: clientId } = await createClient(userPoolId);
  const pool = await createIdentityPool({ poolId: userPoolId, clientId });
  const roles = {
    readers: await createRole(trust(pool), ['orders:Read'], ORDERS),
    editors: await createRole(trust(pool), ['orders:*'], ORDERS),
    guests: await createRole(trust(pool, 'unauthenticated')),
  };
  const people = {};
  for (const group of ['readers', 'editors']) {
    await admin.createGroup({ UserPoolId: userPoolId, GroupName: group, RoleArn: roles[group] });
    const { username } = await createUser(userPoolId);
    await admin.adminAddUserToGroup({ UserPoolId: userPoolId, Username: username, GroupName: group });
    people[group] = username;
  }
  await identities.setIdentityPoolRoles({
    IdentityPoolId: pool,
    Roles: { authenticated: roles.readers, unauthenticated: roles.guests },
    RoleMappings: {
      [`${providerOf(userPoolId)}:${clientId}`]: { Type: 'Token', AmbiguousRoleResolution: 'Deny' },
    },
  });
  const settings = { endpoint: ENDPOINT, region: REGION, credentials: CREDENTIALS };
  const { VerifierKey: key } = await extension(settings, 'CreateVerifierKey', { Service: 'orders' });
  return { userPoolId, clientId, pool, people, roles, key, settings };
}

/** A provider of credentials of somebody in that group, by our client; of a guest, without one. */
async function credentialsOf(group) {
  const { pool: identityPoolId, userPoolId, clientId } = shop;
  if (!group) return cognate.credentials({ identityPoolId, endpoint: ENDPOINT });
  const client = cognate.createClient({ userPoolId, clientId, endpoint: ENDPOINT });
  await cognate.signIn(client, { username: shop.people[group], password: PASSWORD });
  return cognate.credentials({ identityPoolId, endpoint: ENDPOINT, client });
}

const sending = (credentials, settings = {}) =>
  cognate.signedFetch({ credentials, service: 'orders', ...settings });

const at = (name) => `${worker.endpoint}/${name}`;

/** The status, and what is said: of a refusal AWS's name of it. */
async function outcome(response) {
  const { __type, ...rest } = response.status === 404 ? {} : await response.json();
  return [response.status, __type ?? rest];
}

test('editors change what readers may only read, and guests do nothing', async () => {
  const editors = await credentialsOf('editors');
  const { identityId: by } = await editors();
  const change = { method: 'PUT', body: JSON.stringify({ status: 'sent' }) };
  assert.deepEqual(await outcome(await sending(editors)(at('1'), change)), [200, { status: 'sent', by }]);

  const reader = sending(await credentialsOf('readers'));
  assert.deepEqual(await outcome(await reader(at('1'))), [200, { status: 'sent', by }]);
  const refused = await reader(at('1'), change);
  assert.equal(refused.headers.get('x-amzn-errortype'), 'AccessDeniedException');
  assert.deepEqual(await outcome(refused), [403, 'AccessDeniedException']);

  const guest = sending(await credentialsOf());
  assert.deepEqual(await outcome(await guest(at('1'))), [403, 'AccessDeniedException']);
});

test('who signed nothing, something else or for somebody else is refused', async () => {
  assert.deepEqual(await outcome(await fetch(at('7'))), [401, 'MissingAuthenticationTokenException']);
  const credentials = await (await credentialsOf('editors'))();
  const invalid = [401, 'InvalidSignatureException'];
  const elsewhere = sending(credentials, { service: 'ledger' });
  assert.deepEqual(await outcome(await elsewhere(at('7'))), invalid);
  const forged = sending({ ...credentials, secretAccessKey: 'x'.repeat(40) });
  assert.deepEqual(await outcome(await forged(at('7'))), invalid);
  const guest = await (await credentialsOf())();
  const swapped = sending({ ...guest, sessionToken: credentials.sessionToken });
  assert.deepEqual(await outcome(await swapped(at('7'))), [401, 'UnrecognizedClientException']);
  const tampering = async (request) => fetch(new Request(at('8'), request));
  const tampered = sending(credentials, { fetch: tampering });
  assert.deepEqual(await outcome(await tampered(at('7'))), invalid);
  // The administrator's own key has no session, and no business here.
  const root = sending({ ...CREDENTIALS, identityId: `${REGION}:` });
  assert.deepEqual(await outcome(await root(at('7'))), [401, 'UnrecognizedClientException']);
});

test('a body that is not the signed one is refused', async () => {
  const other = async (request) => fetch(new Request(request, { body: '{"status":"lost"}' }));
  const send = sending(await credentialsOf('editors'), { fetch: other });
  const change = { method: 'PUT', body: '{"status":"sent"}' };
  assert.deepEqual(await outcome(await send(at('7'), change)), [401, 'InvalidSignatureException']);
});

test('what was signed by a clock that is wrong is signed anew', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const credentials = await (await credentialsOf('readers'))();
  t.mock.timers.setTime(Date.now() + 20 * 60_000);
  const statuses = [];
  const watching = async (request) => {
    const response = await fetch(request);
    statuses.push(response.status);
    return response;
  };
  const send = sending(credentials, { fetch: watching });
  assert.equal((await send(at('7'))).status, 200);
  assert.equal((await send(at('7'))).status, 200);
  assert.deepEqual(statuses, [401, 200, 200]);
});

class Sha256 {
  constructor(secret) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data) {
    this.hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

test('AWS’s signer for JavaScript is understood, presigned URLs as well', async () => {
  const { userPoolId, clientId, pool, people } = shop;
  const { IdToken } = await signIn(userPoolId, clientId, people.readers);
  const Logins = { [providerOf(userPoolId)]: IdToken };
  const { IdentityId } = await anybody.getId({ IdentityPoolId: pool, Logins });
  const { Credentials } = await anybody.getCredentialsForIdentity({ IdentityId, Logins });
  const { AccessKeyId: accessKeyId, SecretKey: secretAccessKey, SessionToken: sessionToken } = Credentials;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const signer = new SignatureV4({ credentials, region: REGION, service: 'orders', sha256: Sha256 });
  const { protocol, host, hostname, port } = new URL(worker.endpoint);
  const request = { protocol, hostname, port: Number(port), path: '/7', query: {}, headers: { host } };
  const { headers } = await signer.sign({ ...request, method: 'GET' });
  delete headers.host;
  assert.equal((await fetch(at('7'), { headers })).status, 200);
  const body = '{"status":"sent"}';
  const signed = await signer.sign({ ...request, method: 'PUT', body });
  delete signed.headers.host;
  const refused = await fetch(at('7'), { method: 'PUT', body, headers: signed.headers });
  assert.deepEqual(await outcome(refused), [403, 'AccessDeniedException']);
  const { query } = await signer.presign({ ...request, method: 'GET' }, { expiresIn: 60 });
  assert.equal((await fetch(`${at('7')}?${new URLSearchParams(query)}`)).status, 200);
});

test('botocore’s signer is understood', async () => {
  const credentials = await (await credentialsOf('editors'))();
  const by = async (method, name, body) => {
    const python = spawn(PYTHON, [path('sign.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const asked = { method, url: at(name), body, credentials, service: 'orders', region: REGION };
    python.stdin.end(JSON.stringify(asked));
    return JSON.parse(await text(python.stdout));
  };
  const [status, told] = await by('PUT', 'a%20b?note=%C3%A9&a=1', '{"status":"sent"}');
  assert.deepEqual([status, JSON.parse(told).status], [200, 'sent']);
  assert.equal((await by('GET', 'a%20b'))[0], 200);
});

test('a page calls both services, in all its tabs by the same credentials', async (t) => {
  const [browser, site] = await Promise.all([
    launch(),
    publish({ 'main.js': await readFile(path('demo/orders.js')) }),
  ]);
  t.after(() => Promise.all([browser.close(), site.close()]));
  const { userPoolId, clientId, pool: identityPoolId, people, roles } = shop;
  const settings = { userPoolId, clientId, identityPoolId, endpoint: ENDPOINT, orders: worker.endpoint };
  const context = await browser.newContext();
  const open = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(`${site.address}?${new URLSearchParams(settings)}`);
    await page.waitForFunction(() => globalThis.page !== undefined);
    return page;
  };
  const one = await open();
  const order = (page, ...args) => page.evaluate((args) => globalThis.page.order(...args), args);
  assert.equal((await order(one, '9'))[0], 403, 'a guest');
  const enter = ([name, password]) => globalThis.page.enter(name, password);
  assert.equal(await one.evaluate(enter, [people.editors, PASSWORD]), 'done');
  const [status, { by, ...told }] = await order(one, '9', { status: 'sent' });
  assert.deepEqual([status, told], [200, { status: 'sent' }]);
  assert.match(by, new RegExp(`^${REGION}:`));
  const caller = await one.evaluate(() => globalThis.page.caller());
  assert.match(caller, new RegExp(`:assumed-role/${roles.editors.split('/').at(-1)}/`));

  const other = await open();
  const key = () => globalThis.page.key();
  assert.equal(await other.evaluate(key), await one.evaluate(key));
  await other.evaluate(() => globalThis.page.leave());
  await one.waitForFunction((name) => localStorage.getItem(name) === null, `cognate.${identityPoolId}`);
  assert.equal((await order(one, '9'))[0], 403, 'a guest again');
});

test('a role that changed is known within a minute, and a verifier’s key by its name', async () => {
  const { settings, roles } = shop;
  const { VerifierKeys } = await extension(settings, 'ListVerifierKeys', {});
  assert.ok(VerifierKeys.some(({ Service }) => Service === 'orders'));
  const RoleName = roles.editors.split('/').at(-1);
  const closed = { Effect: 'Deny', Action: 'orders:Update', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [closed] });
  await iam.putRolePolicy({ RoleName, PolicyName: 'closed', PolicyDocument });
  // Of a key that was not seen before.
  const send = sending(await credentialsOf('editors'));
  const change = { method: 'PUT', body: '{"status":"sent"}' };
  assert.deepEqual(await outcome(await send(at('7'), change)), [403, 'AccessDeniedException']);
  await iam.deleteRolePolicy({ RoleName, PolicyName: 'closed' });
});
