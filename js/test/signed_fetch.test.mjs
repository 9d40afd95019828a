// Is what signedFetch sends signed as AWS's own signer signs it? It signs each request again.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { SignatureV4 } from '@smithy/signature-v4';
import { signedFetch } from 'cognate/credentials';

import { code } from './world.mjs';

const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session/token+with=all',
};

/** SHA-256, as AWS's signer takes it. */
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

const sha256 = (body) => createHash('sha256').update(body).digest('hex');

/** A server that keeps what it gets, and answers as it is told. */
async function serve(t, answer = () => ({})) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks) });
    const { status = 200, headers: told = {}, body = 'ok' } = answer(seen.length);
    response.writeHead(status, told).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${server.address().port}`, seen };
}

/** The scope and the signed headers that a request states. */
function stated({ authorization }) {
  const [, key, date, region, service, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  return { key, date, region, service, names: names.split(';'), signature };
}

/** Whether AWS's signer comes to the same signature. */
async function assertSigned({ method, url, headers, body }, settings = {}) {
  const { key, region, service, names, signature } = stated(headers);
  assert.equal(key, CREDENTIALS.accessKeyId);
  assert.equal(headers['x-amz-security-token'], CREDENTIALS.sessionToken);
  assert.ok(names.includes('host') && names.includes('x-amz-date'));
  const at = new URL(url, `http://${headers.host}`);
  const query = {};
  for (const name of new Set(at.searchParams.keys())) {
    const values = at.searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0] : values;
  }
  const signed = Object.fromEntries(names.map((name) => [name, headers[name]]));
  // S3's clients spell out what RFC 3986 reserves; S3 itself takes both for the same.
  const spelledOut = (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  const isS3 = service === 's3';
  const path = isS3 ? at.pathname.replace(/[!'()*]/g, spelledOut) : at.pathname;
  const signer = new SignatureV4({
    credentials: CREDENTIALS,
    region,
    service,
    sha256: Sha256,
    uriEscapePath: !isS3,
    applyChecksum: false,
    ...settings,
  });
  const signingDate = new Date(
    headers['x-amz-date'].replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const request = {
    method,
    protocol: at.protocol,
    hostname: at.hostname,
    path,
    query,
    headers: signed,
    body: body.length > 0 ? body : undefined,
  };
  const again = await signer.sign(request, { signingDate, signableHeaders: new Set(names) });
  assert.equal(/Signature=(\w+)/.exec(again.headers.authorization)[1], signature, `${method} ${url}`);
}

const PATHS = [
  '/',
  '/orders/7',
  '/orders/a%20b',
  '/orders/%C3%A9',
  '/orders/a+b',
  '/orders/(x)!*',
  '/orders/?b=2&a=1&a=0&c=%20%2B',
  '/orders/?empty=&plain',
];

test('each request is signed as AWS’s own signer signs it', async (t) => {
  const { origin, seen } = await serve(t);
  const send = signedFetch({ credentials: CREDENTIALS, service: 'orders', region: 'eu-west-1' });
  for (const path of PATHS) {
    assert.equal((await send(origin + path)).status, 200);
    await send(origin + path, { method: 'PUT', body: '{"a":"é"}', headers: { 'X-Note': ' a  b ' } });
  }
  assert.equal(seen.length, 2 * PATHS.length);
  for (const request of seen) await assertSigned(request);
  assert.deepEqual([...new Set(seen.map(({ headers }) => stated(headers).service))], ['orders']);
});

test('bodies of every kind are signed and arrive', async (t) => {
  const { origin, seen } = await serve(t);
  const send = signedFetch({ credentials: CREDENTIALS, service: 'orders' });
  const bytes = new TextEncoder().encode('a=1');
  const bodies = [
    'a=1',
    bytes,
    bytes.buffer,
    new Blob([bytes]),
    new URLSearchParams({ a: '1' }),
    new Blob([bytes]).stream(),
  ];
  for (const body of bodies) {
    await send(origin, { method: 'POST', body, duplex: 'half' });
    const last = seen.at(-1);
    assert.equal(last.body.toString(), 'a=1');
    await assertSigned(last);
  }
  const form = new FormData();
  form.set('a', '1');
  await send(origin, { method: 'POST', body: form });
  assert.match(seen.at(-1).headers['content-type'], /^multipart\/form-data; boundary=/);
  await assertSigned(seen.at(-1));
  await send(new Request(origin, { method: 'PATCH', body: 'a=1' }));
  assert.equal(seen.at(-1).method, 'PATCH');
  await assertSigned(seen.at(-1));
});

test('to S3 keys are signed as they are, and streams without what is in them', async (t) => {
  const { origin, seen } = await serve(t);
  const send = signedFetch({ credentials: CREDENTIALS, service: 's3', region: 'us-west-2' });
  for (const key of ['a%20b', 'a+b', 'a%2Bb', '%C3%A9//b', "it's(1)!*"]) {
    await send(`${origin}/bucket/${key}`, { method: 'PUT', body: 'text' });
    assert.equal(seen.at(-1).headers['x-amz-content-sha256'], sha256('text'));
    await assertSigned(seen.at(-1));
  }
  const body = new Blob(['text']).stream();
  await send(`${origin}/bucket/key`, { method: 'PUT', body, duplex: 'half' });
  assert.equal(seen.at(-1).headers['x-amz-content-sha256'], 'UNSIGNED-PAYLOAD');
  assert.equal(seen.at(-1).body.toString(), 'text');
  await assertSigned(seen.at(-1));
});

test('other services that take it get streams unsigned, if that is said', async (t) => {
  const { origin, seen } = await serve(t);
  const send = signedFetch({ credentials: CREDENTIALS, service: 'orders', unsignedPayload: true });
  await send(origin, { method: 'PUT', body: new Blob(['text']).stream(), duplex: 'half' });
  assert.equal(seen[0].headers['x-amz-content-sha256'], 'UNSIGNED-PAYLOAD');
  await send(origin, { method: 'PUT', body: 'text' });
  assert.equal('x-amz-content-sha256' in seen[1].headers, false);
  for (const request of seen) await assertSigned(request);
});

test('the region is that of the identity, unless one is given', async (t) => {
  const { origin, seen } = await serve(t);
  const identityId = 'eu-central-1:0a1b2c3d-0a1b-8a1b-8a1b-0a1b2c3d4e5f';
  for (const [more, settings, wanted] of [
    [{}, {}, 'us-east-1'],
    [{ identityId }, {}, 'eu-central-1'],
    [{ identityId }, { region: 'eu-west-1' }, 'eu-west-1'],
  ]) {
    const credentials = async () => ({ ...CREDENTIALS, ...more });
    await signedFetch({ credentials, service: 'orders', ...settings })(origin);
    assert.equal(stated(seen.at(-1).headers).region, wanted);
  }
});

test('each request is signed with the credentials of that moment', async (t) => {
  const { origin, seen } = await serve(t);
  let accessKeyId = 'ASIAONE';
  const credentials = async () => ({ ...CREDENTIALS, accessKeyId, secretAccessKey: accessKeyId });
  const send = signedFetch({ credentials, service: 'orders' });
  await send(origin);
  accessKeyId = 'ASIATWO';
  await send(origin);
  assert.deepEqual(seen.map(({ headers }) => stated(headers).key), ['ASIAONE', 'ASIATWO']);
});

test('a clock that is wrong is corrected by that of the service, once for all', async (t) => {
  const offMs = 3_600_000;
  const date = () => new Date(Date.now() + offMs).toUTCString();
  const { origin, seen } = await serve(t, (count) => ({
    status: count === 1 ? 403 : 200,
    headers: { date: date() },
  }));
  const send = signedFetch({ credentials: CREDENTIALS, service: 'orders' });
  const response = await send(origin, { method: 'PUT', body: 'text' });
  assert.equal(response.status, 200);
  await send(origin);
  assert.equal(seen.length, 3);
  const aheadMs = ({ headers }) => {
    const [, ...parts] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(headers['x-amz-date']);
    const [y, m, d, ...time] = parts.map(Number);
    return Date.UTC(y, m - 1, d, ...time) - Date.now();
  };
  assert.deepEqual(
    seen.map((request) => Math.round(aheadMs(request) / offMs) + 0),
    [0, 1, 1],
  );
  assert.equal(seen[1].body.toString(), 'text');
  for (const request of seen) await assertSigned(request);
});

test('a refusal by a service whose clock is ours is given as it is', async (t) => {
  const { origin, seen } = await serve(t, () => ({ status: 403, body: 'no' }));
  const response = await signedFetch({ credentials: CREDENTIALS, service: 'orders' })(origin);
  assert.deepEqual([response.status, await response.text(), seen.length], [403, 'no', 1]);
});

test('what the caller said of a request stays', async (t) => {
  const { origin } = await serve(t);
  let sent;
  const fetch = async (request) => {
    sent = request;
    return new Response();
  };
  const stop = new AbortController();
  const send = signedFetch({ credentials: CREDENTIALS, service: 'orders', fetch });
  await send(origin, { redirect: 'error', signal: stop.signal, cache: 'no-store' });
  assert.equal(sent.redirect, 'error');
  assert.equal(sent.cache, 'no-store');
  stop.abort();
  assert.ok(sent.signal.aborted);
});

test('a service without a name is refused at once', () => {
  const make = () => signedFetch({ credentials: CREDENTIALS, service: '' });
  assert.throws(make, code('badOptions'));
});
