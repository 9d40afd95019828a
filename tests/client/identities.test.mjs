// Does aws-amplify get an identity's credentials in a real browser, and do they open what they
// should there?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { createIdentityPool, createRole, identities, trust } from '../sdk/identity.mjs';
import { ENDPOINT, PASSWORD, REGION, createClient, createPool, createUser } from '../sdk/world.mjs';
import { launch } from './site.mjs';

const APPLICATION = `
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { STS } from '@aws-sdk/client-sts';
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';

const settings = { endpoint: '${ENDPOINT}', region: '${REGION}', maxAttempts: 1 };

async function session() {
  const { credentials, identityId } = await fetchAuthSession();
  const { Arn } = await new STS({ ...settings, credentials }).getCallerIdentity({});
  return { identityId, role: Arn.split('/')[1] };
}

async function users(UserPoolId) {
  const { credentials } = await fetchAuthSession();
  const client = new CognitoIdentityProvider({ ...settings, credentials });
  const answer = await client.listUsers({ UserPoolId }).catch((error) => error);
  return answer.Users?.map(({ Username }) => Username) ?? answer.name;
}

const configure = (Cognito) => Amplify.configure({ Auth: { Cognito } });
globalThis.application = { configure, session, signIn, signOut, users };
`;

let browser;
let site;
let page;
let poolId;
let identityPoolId;
let username;
let roles;

before(async () => {
  poolId = await createPool();
  const { ClientId: userPoolClientId } = await createClient(poolId);
  ({ username } = await createUser(poolId));
  identityPoolId = await createIdentityPool({ poolId, clientId: userPoolClientId });
  roles = {
    authenticated: await createRole(trust(identityPoolId), ['cognito-idp:ListUsers']),
    unauthenticated: await createRole(trust(identityPoolId, 'unauthenticated')),
  };
  await identities.setIdentityPoolRoles({ IdentityPoolId: identityPoolId, Roles: roles });

  const resolveDir = fileURLToPath(new URL('..', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: APPLICATION, resolveDir },
    bundle: true,
    define: { global: 'globalThis' },
    format: 'iife',
    platform: 'browser',
    write: false,
  });
  browser = await launch();
  page = await browser.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Shop</title>');
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.addScriptTag({ content: outputFiles[0].text });
  await page.evaluate((config) => application.configure(config), {
    userPoolId: poolId,
    userPoolClientId,
    userPoolEndpoint: ENDPOINT,
    identityPoolId,
    identityPoolEndpoint: ENDPOINT,
    allowGuestAccess: true,
  });
});

after(async () => {
  await browser?.close();
  site?.close();
});

const nameOf = (arn) => arn.split('/')[1];
const session = () => page.evaluate(() => application.session());
const users = () => page.evaluate((poolId) => application.users(poolId), poolId);

test('a guest and a member get credentials in a page, each of their role', async () => {
  const guest = await session();
  assert.equal(guest.role, nameOf(roles.unauthenticated));
  assert.equal(await users(), 'AccessDeniedException');

  await page.evaluate((user) => application.signIn(user), { username, password: PASSWORD });
  const member = await session();
  assert.deepEqual(member, {
    identityId: guest.identityId,
    role: nameOf(roles.authenticated),
  });
  assert.deepEqual(await users(), [username]);

  await page.evaluate(() => application.signOut());
  const stranger = await session();
  assert.equal(stranger.role, nameOf(roles.unauthenticated));
  assert.notEqual(stranger.identityId, member.identityId);
});
