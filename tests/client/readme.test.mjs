// Does what the READMEs show work, as it stands there? Each block is run by itself, against a real
// service, in Deno: it takes TypeScript, and has the storage of a page.

import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { extension } from '../sdk/extension.mjs';
import { createIdentityPool, createRole, identities, trust } from '../sdk/identity.mjs';
import { admin, CREDENTIALS, ENDPOINT, lastSentTo, REGION, signIn, uniqueEmail } from '../sdk/world.mjs';
import { execute, install, JS, settle } from './packed.mjs';

const TESTS = fileURLToPath(new URL('../', import.meta.url));
const DENO = join(TESTS, 'node_modules/.bin/deno');
const FLAGS = ['run', '--quiet', '--no-config', '--node-modules-dir=manual', '--allow-all'];
const LENT = {
  [TESTS]: ['@aws-sdk', '@smithy', '@aws-crypto', 'amazon-cognito-identity-js', 'aws-amplify'],
  [JS]: ['hono'],
};

let folder;
let remove;
let given;

before(async () => {
  ({ folder, remove } = await install());
  for (const [from, names] of Object.entries(LENT)) {
    for (const name of names) {
      await symlink(join(from, 'node_modules', name), join(folder, 'node_modules', name));
    }
  }
  const settings = await settle();
  const { userPoolId, clientId, username } = settings;
  const { AccessToken: token } = await signIn(userPoolId, clientId, username);
  const issuer = `${ENDPOINT}/${userPoolId}`;
  given = { ...settings, ...(await federate(userPoolId, clientId)), token, issuer, email: uniqueEmail() };
});

after(() => remove?.());

/** An identity pool with roles, and the key of a service beside Cognate. */
async function federate(poolId, clientId) {
  const identityPoolId = await createIdentityPool({ poolId, clientId });
  const authenticated = await createRole(trust(identityPoolId));
  const unauthenticated = await createRole(trust(identityPoolId, 'unauthenticated'), ['orders:Read']);
  const Roles = { authenticated, unauthenticated };
  await identities.setIdentityPoolRoles({ IdentityPoolId: identityPoolId, Roles });
  const settings = { endpoint: ENDPOINT, region: REGION, credentials: CREDENTIALS };
  const { VerifierKey: verifierKey } = await extension(settings, 'CreateVerifierKey', { Service: 'orders' });
  return { identityPoolId, verifierKey };
}

/** The blocks of code in a file, but for those in another language. */
async function blocks(path) {
  const text = await readFile(new URL(path, import.meta.url), 'utf8');
  return [...text.matchAll(/^```(ts|js)\n(.*?)^```/gms)].map(([, , code]) => code);
}

/** What a block shows, and what a handler that it exports answers to whom. */
async function run(code, more = {}) {
  const here = code.replaceAll('http://localhost:8787', ENDPOINT);
  await writeFile(join(folder, 'block.ts'), here);
  const isSigned = code.includes('protectSigned');
  const source = `
    const given = ${JSON.stringify({ ...given, ...more })};
    const shown = [];
    const ask = async (what) => {
      const outbox = given.endpoint + '/_cognate/outbox.json?destination=' + given.email;
      const { Messages } = await (await fetch(outbox)).json();
      return Messages.at(-1).code;
    };
    Object.assign(globalThis, given, { ask, show: (what) => shown.push(what) });
    localStorage.clear();
    const { default: app } = await import('./block.ts');
    const statuses = [];
    const url = 'http://localhost/admin/me';
    const bearing = (authorization) => new Request(url, { headers: { authorization } });
    const signed = async () => {
      const { credentials, signedFetch } = await import('cognate/credentials');
      let request;
      const fetch = async (signed) => ((request = signed), new Response());
      await signedFetch({ credentials: credentials(given), service: 'orders', fetch })(url);
      return request;
    };
    const good = ${isSigned} ? await signed() : bearing('Bearer ' + given.token);
    for (const request of app ? [good, bearing('Bearer x')] : []) {
      statuses.push((await app.fetch(request)).status);
    }
    console.log(JSON.stringify({ shown, statuses }));
    Deno.exit(0);`;
  await writeFile(join(folder, 'run.ts'), source);
  const { stdout } = await execute(DENO, [...FLAGS, 'run.ts'], { cwd: folder });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

test('the README of the package', async (t) => {
  const all = await blocks('../../js/README.md');
  const wanted = [
    /confirmSignUp/,
    /browserStorage/,
    /credentials\(/,
    /protectSigned/,
    /createVerifier/,
    /protect\(/,
    /protectHono/,
    /Cognate\.open/,
  ];
  assert.equal(all.length, wanted.length, 'each block is expected here');
  const results = [];
  for (const [index, code] of all.entries()) {
    await t.test(`${index + 1}: ${wanted[index].source}`, async () => {
      assert.match(code, wanted[index]);
      const { shown, statuses } = await run(code);
      results.push(shown);
      const answers = /export default/.test(code);
      assert.deepEqual(statuses, answers ? [200, 401] : []);
      if (!answers) assert.ok(shown.length > 0 && shown.every(Boolean), JSON.stringify(shown));
    });
  }
  const { username } = given;
  assert.deepEqual(results[1], [username, 'settings', 'nobody']);
  assert.deepEqual(results[2], [true, true]);
  assert.deepEqual(results[4], [username]);
  assert.match((await lastSentTo(given.email)).code, /^\d{6}$/);
});

test('the README of the project', async () => {
  const { userPoolId } = given;
  await admin.adminCreateUser({ UserPoolId: userPoolId, Username: 'ann', MessageAction: 'SUPPRESS' }).catch(() => {});
  const password = { Password: 'Passw0rd!', Permanent: true };
  await admin.adminSetUserPassword({ UserPoolId: userPoolId, Username: 'ann', ...password });
  const others = `
    import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
    import { Amplify } from 'aws-amplify';
    import { CognitoUserPool } from 'amazon-cognito-identity-js';
    const [UserPoolId, ClientId, userPoolClientId] = [userPoolId, clientId, clientId];
    show(typeof ClientId);`;
  const all = await blocks('../../README.md');
  assert.ok(all.some((code) => code.includes('cognate/kernel')) && all.length >= 2);
  for (const code of all) await run(others + code);
});
