// Is every request that a client can make answered, and read no further than it must be?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import { start } from './server.mjs';

const BODY_BYTES_MAX = 1 << 20;

let server;
before(async () => void (server = await start()));
after(() => server.stop());

/** Sends a body in pieces without announcing its length. */
async function sendChunked(bytes) {
  const headers = target('ListUserPools');
  // A connection of its own: one on which too much was sent is closed after the answer.
  const outgoing = request(server.endpoint, { method: 'POST', headers, agent: false });
  const response = once(outgoing, 'response');
  const piece = Buffer.alloc(64 << 10, 'x');
  for (let sent = 0; sent < bytes; sent += piece.length) {
    outgoing.write(piece.subarray(0, Math.min(piece.length, bytes - sent)));
  }
  outgoing.end();
  const [incoming] = await response;
  incoming.resume();
  return incoming.statusCode;
}

function target(operation) {
  return {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
  };
}

async function post(body, headers = target('ListUserPools')) {
  const response = await fetch(server.endpoint, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}

test('a body over the limit is refused, announced or not', async () => {
  const announced = await post('x'.repeat(BODY_BYTES_MAX + 1));
  assert.equal(announced.status, 413);
  assert.equal(announced.__type, 'RequestEntityTooLargeException');
  assert.equal(await sendChunked(BODY_BYTES_MAX + 1), 413);
});

test('a body of exactly the limit is read', async () => {
  assert.notEqual((await post('x'.repeat(BODY_BYTES_MAX))).status, 413);
  assert.notEqual(await sendChunked(BODY_BYTES_MAX), 413);
});

test('every answer has a type and an id', async () => {
  const { status, headers, __type } = await post('{}', target('NoSuchOperation'));
  assert.equal(status, 400);
  assert.equal(__type, 'UnknownOperationException');
  assert.match(headers.get('content-type'), /^application\/x-amz-json-1\.1/);
  assert.match(headers.get('x-amzn-requestid'), /^[0-9a-f-]{36}$/);
  assert.equal(headers.get('access-control-allow-origin'), '*');
});

test('every method and path is answered', async () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST']) {
    for (const path of ['/', '//', '/a/b/c', '/%ff%00', '/eu-west-1_0/.well-known/jwks.json?x=y']) {
      const body = ['PUT', 'PATCH', 'POST'].includes(method) ? 'x' : undefined;
      const response = await fetch(server.endpoint + path, { method, body });
      assert.ok(response.status < 500, `${method} ${path}: ${response.status}`);
      await response.arrayBuffer();
    }
  }
});

test('headers of odd names and values change nothing', async () => {
  const odd = { 'x-empty': '', 'x-latin': 'caf\u00e9', 'x-comma': 'a, b', __proto__x: '1' };
  const { status } = await post('{}', { ...target('ListUserPools'), ...odd });
  assert.equal(status, 400);
});

test('a service that is not configured says what to type', async () => {
  const bare = await start({
    vars: { COGNATE_ROOT_KEY: '', COGNATE_ACCESS_KEY_ID: '', COGNATE_SECRET_ACCESS_KEY: '' },
  });
  try {
    const response = await fetch(bare.endpoint, { method: 'POST', headers: target('SignUp') });
    assert.equal(response.status, 503);
    const { message } = await response.json();
    for (const name of ['COGNATE_ROOT_KEY', 'COGNATE_ACCESS_KEY_ID', 'COGNATE_SECRET_ACCESS_KEY']) {
      assert.ok(message.includes(`npx wrangler secret put ${name}`), message);
    }
  } finally {
    await bare.stop();
  }
});
