// Are messages handed to the operator's webhook, signed, and what if it does not take them?

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';

import { start } from './server.mjs';
import { createPool, signUp } from './world.mjs';

const SECRET = 'whisper';

let server;
let pool;
let receiver;
/** The statuses to answer with, and then 204. */
let answers;
let received;

before(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    const status = answers.shift() ?? 204;
    response.writeHead(status, status === 307 ? { location: '/elsewhere' } : {}).end();
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${receiver.address().port}/mail`;
  const vars = { MAIL_WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET, COGNATE_DEVELOPMENT: 'false' };
  server = await start({ vars: { ...vars, ...PRODUCTION } });
  pool = await createPool(server);
});

const PRODUCTION = {
  COGNATE_ROOT_KEY: '1f'.repeat(32),
  COGNATE_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00',
  COGNATE_SECRET_ACCESS_KEY: 'not/the/one/of/development/0000000000000',
};

after(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await server.stop();
});

beforeEach(() => {
  answers = [];
  received = [];
});

test('a code is posted as JSON, with a signature over time and body', async () => {
  const username = await signUp(server, pool);
  assert.equal(received.length, 1);
  const [{ method, url, headers, body }] = received;
  assert.deepEqual([method, url, headers['content-type']], ['POST', '/mail', 'application/json']);

  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['cognate-signature']);
  assert.ok(Math.abs(Date.now() / 1000 - seconds) < 60);
  const expected = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex');
  assert.equal(signature, expected);

  const delivery = JSON.parse(body);
  assert.equal(delivery.medium, 'EMAIL');
  assert.equal(delivery.destination, `${username}@example.com`);
  assert.equal(delivery.reason, 'SignUp');
  assert.ok(delivery.body.includes(delivery.code));
  await server.anyone.confirmSignUp({
    ClientId: pool.clientId,
    Username: username,
    ConfirmationCode: delivery.code,
  });
});

test('a webhook that is down for a moment gets the message at last', async () => {
  answers = [503, 500];
  await signUp(server, pool);
  assert.equal(received.length, 3);
  assert.equal(new Set(received.map(({ body }) => body)).size, 1);
});

test('a webhook that stays down is given up after three tries', async () => {
  answers = [500, 502, 503, 204];
  await assert.rejects(signUp(server, pool), { name: 'CodeDeliveryFailureException' });
  assert.equal(received.length, 3);
});

test('a refusal is final, and so is a redirection', async () => {
  for (const status of [400, 307]) {
    answers = [status];
    received = [];
    await assert.rejects(signUp(server, pool), { name: 'CodeDeliveryFailureException' });
    assert.equal(received.length, 1, `after ${status}`);
  }
});

test('without a sender the failure is told, and the operator learns which setting is missing', async () => {
  const bare = await start({ vars: { ...PRODUCTION, COGNATE_DEVELOPMENT: 'false' } });
  try {
    const silent = await createPool(bare);
    await assert.rejects(signUp(bare, silent), { name: 'CodeDeliveryFailureException' });
    assert.match(bare.log(), /neither MAIL_SENDER nor MAIL_WEBHOOK_URL is set/);
    const outbox = await fetch(`${bare.endpoint}/_cognate/outbox.json`);
    assert.equal(outbox.status, 404);
  } finally {
    await bare.stop();
  }
});
