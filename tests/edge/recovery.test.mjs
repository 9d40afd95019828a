// What happens when wasm breaks, or an object is gone, in the middle of a call?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';
import { breaks, createPool, holdings, signUp } from './world.mjs';

/** A call that hangs takes longer. */
const PROMPT_MS = 5_000;

let server;
let pool;
let mail;
/** What the webhook does with a message; it takes it at once if nothing else is said. */
let onMail;

before(async () => {
  mail = createServer((request, response) => {
    request.resume();
    request.on('end', () => (onMail ? onMail(response) : response.end()));
  });
  await once(mail.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${mail.address().port}/`;
  server = await start({ vars: { MAIL_WEBHOOK_URL: url, WEBHOOK_SECRET: 'whisper' } });
  pool = await createPool(server);
});

after(async () => {
  mail.closeAllConnections();
  mail.close();
  await server.stop();
});

/** The call ends in an internal error, and soon. */
async function breaksPromptly(call) {
  const began = Date.now();
  await breaks(call);
  assert.ok(Date.now() - began < PROMPT_MS, 'it did not hang');
}

async function servesOn() {
  const username = await signUp(server, pool);
  const user = await server.admin.adminGetUser({ UserPoolId: pool.poolId, Username: username });
  assert.equal(user.Username, username);
}

test('a trap at the front is one internal error, and the next call is served', async () => {
  await server.inspect('trap', { name: 'receive' });
  await breaksPromptly(server.admin.listUserPools({ MaxResults: 1 }));
  await servesOn();
});

test('a trap in an object is one internal error; what was written before stands', async () => {
  const username = await signUp(server, pool);
  const { records } = await holdings(server, pool);
  await server.inspect('trap', { name: 'room_begin' });
  await breaksPromptly(signUp(server, pool));
  assert.deepEqual((await holdings(server, pool)).records, records);
  const user = await server.admin.adminGetUser({ UserPoolId: pool.poolId, Username: username });
  assert.equal(user.Username, username);
  await servesOn();
});

test('a trap when another object has answered is one internal error', async () => {
  await server.inspect('trap', { name: 'room_resume' });
  await breaksPromptly(server.admin.createUserPool({ PoolName: 'broken' }));
  await servesOn();
});

test('a call that waited while wasm broke is answered, not left hanging', async () => {
  const arrived = new Promise((resolve) => {
    onMail = (response) => {
      onMail = undefined;
      resolve(response);
    };
  });
  const waiting = signUp(server, pool);
  const response = await arrived;
  await server.inspect('trap', { name: 'room_begin' });
  await breaksPromptly(server.admin.describeUserPool({ UserPoolId: pool.poolId }));
  response.end();
  await breaksPromptly(waiting);
  await servesOn();
});

test('other calls are served while one waits for a webhook', async () => {
  const arrived = new Promise((resolve) => {
    onMail = (response) => {
      onMail = undefined;
      resolve(response);
    };
  });
  const waiting = signUp(server, pool);
  const response = await arrived;
  await servesOn();
  response.end();
  await waiting;
});

test('an object that is gone is an internal error', async () => {
  await server.inspect('trouble', { kind: 'lose', binding: 'USER_POOL' });
  await breaksPromptly(server.admin.describeUserPool({ UserPoolId: pool.poolId }));
  await server.inspect('trouble', { kind: 'none', binding: 'USER_POOL' });
  await servesOn();
});

test('an object that never answers another is given up', async () => {
  await server.inspect('trouble', { kind: 'hang', binding: 'ACCOUNT' });
  const creation = server.admin.createUserPool({ PoolName: 'patient' });
  await servesOn();
  await breaks(creation);
  await server.inspect('trouble', { kind: 'none', binding: 'ACCOUNT' });
  await server.admin.createUserPool({ PoolName: 'served' });
});

test('a public document is read from the cache without its object', async () => {
  const url = `${server.endpoint}/${pool.poolId}/.well-known/openid-configuration`;
  const first = await fetch(url);
  const document = await first.json();
  assert.equal(first.status, 200);
  await server.inspect('trouble', { kind: 'lose', binding: 'USER_POOL' });
  const second = await fetch(url);
  await server.inspect('trouble', { kind: 'none', binding: 'USER_POOL' });
  assert.deepEqual(await second.json(), document);
  for (const name of ['access-control-allow-origin', 'cache-control', 'content-type']) {
    assert.equal(second.headers.get(name), first.headers.get(name), name);
  }
});

test('what is told to the operator names no secret', async () => {
  const log = server.log();
  assert.match(log, /unreachable/);
  for (const secret of ['Correct-Horse-7', 'whisper', 'c0c0c0c0']) {
    assert.ok(!log.includes(secret), secret);
  }
});
