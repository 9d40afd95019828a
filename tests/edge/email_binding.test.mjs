// Does Cloudflare's binding, as Miniflare plays it, take our mails?

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { settings } from './server.mjs';
import { createPool, signUp } from './world.mjs';

const EDGE = fileURLToPath(new URL('../../edge/', import.meta.url));
const { Log, LogLevel, Miniflare } = createRequire(`${EDGE}package.json`)('miniflare');

/** What the binding says it was called with. */
const lines = [];

class Kept extends Log {
  log(line) {
    lines.push(line);
  }
}

let miniflare;
let server;

before(async () => {
  const vars = await settings({ MAIL_SENDER: 'binding', MAIL_FROM: 'Example <me@example.com>' });
  const objects = { ACCOUNT: 'Account', IDENTITY_POOL: 'IdentityPool', USER_POOL: 'UserPool' };
  miniflare = new Miniflare({
    cf: false,
    log: new Kept(LogLevel.INFO),
    modulesRoot: `${EDGE}build`,
    modules: [
      { type: 'ESModule', path: `${EDGE}build/worker.js` },
      { type: 'CompiledWasm', path: `${EDGE}build/index_bg.wasm` },
    ],
    compatibilityDate: '2026-04-24',
    compatibilityFlags: ['nodejs_compat'],
    bindings: vars,
    durableObjects: Object.fromEntries(
      Object.entries(objects).map(([name, className]) => [name, { className, useSQLite: true }]),
    ),
    kvNamespaces: ['CACHE'],
    email: {
      send_email: [{ name: 'EMAIL', allowed_sender_addresses: ['me@example.com'] }],
    },
  });
  const endpoint = (await miniflare.ready).origin;
  const client = (accessKeyId, secretAccessKey) =>
    new CognitoIdentityProvider({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
  server = {
    admin: client(vars.COGNATE_ACCESS_KEY_ID, vars.COGNATE_SECRET_ACCESS_KEY),
    anyone: client('nobody', 'nothing'),
  };
});

after(() => miniflare?.dispose());

/** What the binding said of a mail, which it may say a little later. */
async function saidOf(username) {
  for (const until = Date.now() + 10_000; Date.now() < until; ) {
    const said = lines.find((line) => line.includes(`To: ${username}@`) && line.includes('HTML: '));
    if (said) return said;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`the binding said nothing:\n${lines.join('\n')}`);
}

test('the binding takes a mail', async () => {
  const pool = await createPool(server);
  const username = await signUp(server, pool);
  const said = await saidOf(username);
  assert.match(said, /From: "Example" <me@example\.com>/);
  assert.ok(said.includes(`To: ${username}@example.com`), said);
  assert.match(said, /Subject: Your verification code/);
  const html = await readFile(/HTML: (\S+)/.exec(said)[1], 'utf8');
  assert.match(html, /^Your confirmation code is \d{6}$/);
});

test('a sender that the binding does not allow is refused', async () => {
  const pool = await createPool(server, {
    EmailConfiguration: {
      EmailSendingAccount: 'DEVELOPER',
      SourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/other@example.com',
    },
  });
  await assert.rejects(signUp(server, pool), { name: 'CodeDeliveryFailureException' });
});
