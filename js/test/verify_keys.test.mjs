// How are the keys of an issuer fetched and kept?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CognateError, createVerifier } from 'cognate/verify';

import { CLIENT_ID, ISSUER, accessClaims, makeKey, mint, publisher } from './verify/issuer.mjs';

const [first, second, third] = ['first', 'second', 'third'].map((kid) => makeKey('ES256', kid));
const token = (key) => mint(key, accessClaims());

function setUp(keys = [first], options = {}) {
  const publish = publisher({ keys: keys.map(({ jwk }) => jwk) });
  const common = { issuer: ISSUER, clientId: CLIENT_ID, tokenUse: 'access', clockToleranceS: 1e9 };
  return { publish, verifier: createVerifier({ ...common, fetch: publish, ...options }) };
}

/** A clock to be put forward; by hand, for not all runtimes that are tested can. */
function clock(t) {
  const { now } = Date;
  let late = 0;
  Date.now = () => now() + late;
  t.after(() => {
    Date.now = now;
  });
  return (ms) => {
    late += ms;
  };
}

const code = (expected) => (error) => {
  assert.ok(error instanceof CognateError, String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};

test('many tokens at once make one fetch', async () => {
  const { publish, verifier } = setUp();
  const jwts = Array.from({ length: 100 }, () => token(first));
  await Promise.all(jwts.map((jwt) => verifier.verify(jwt)));
  assert.deepEqual(publish.calls, [`${ISSUER}/.well-known/jwks.json`]);
});

test('keys may be fetched in advance', async () => {
  const { publish, verifier } = setUp();
  await verifier.prefetch();
  publish.answer = () => Promise.reject(new TypeError('offline'));
  await verifier.verify(token(first));
  assert.equal(publish.calls.length, 1);
});

test('a new key is found, but unknown ones are asked for only once in a while', async (t) => {
  const pass = clock(t);
  const { publish, verifier } = setUp();
  await verifier.verify(token(first));
  publish.jwks.keys = [first.jwk, second.jwk];
  await assert.rejects(verifier.verify(token(second)), code('keyNotFound'));
  assert.equal(publish.calls.length, 1);
  pass(31_000);
  await verifier.verify(token(second));
  const storm = Array.from({ length: 50 }, () => verifier.verify(token(third)));
  for (const result of await Promise.allSettled(storm)) assert.equal(result.reason.code, 'keyNotFound');
  assert.equal(publish.calls.length, 2);
});

test('a key that was withdrawn is refused once the keys are fetched again', async (t) => {
  const pass = clock(t);
  const { publish, verifier } = setUp([first, second]);
  await verifier.verify(token(first));
  publish.jwks.keys = [second.jwk];
  pass(601_000);
  await verifier.verify(token(first));
  await new Promise(setImmediate);
  await assert.rejects(verifier.verify(token(first)), code('keyNotFound'));
  await verifier.verify(token(second));
  assert.equal(publish.calls.length, 2);
});

test('a key that was replaced under its name is refused', async (t) => {
  const pass = clock(t);
  const { publish, verifier } = setUp();
  await verifier.verify(token(first));
  publish.jwks.keys = [{ ...second.jwk, kid: 'first' }];
  pass(601_000);
  await verifier.prefetch();
  await assert.rejects(verifier.verify(token(first)), code('tokenSignatureInvalid'));
});

test('old keys serve for a day while the issuer is away', async (t) => {
  const pass = clock(t);
  const { publish, verifier } = setUp();
  await verifier.verify(token(first));
  publish.answer = () => new Response('away', { status: 503 });
  for (let hour = 1; hour < 24; hour++) {
    pass(3_600_000);
    await verifier.verify(token(first));
    await new Promise(setImmediate);
  }
  assert.equal(publish.calls.length, 24);
  pass(3_600_000);
  await assert.rejects(verifier.verify(token(first)), code('badResponse'));
});

test('an issuer that is away is not asked by every token', async (t) => {
  const pass = clock(t);
  const { publish, verifier } = setUp();
  publish.answer = () => Promise.reject(new TypeError('fetch failed'));
  for (let n = 0; n < 10; n++) await assert.rejects(verifier.verify(token(first)), code('network'));
  assert.equal(publish.calls.length, 1);
  publish.answer = () => Response.json(publish.jwks);
  pass(1_001);
  await verifier.verify(token(first));
});

test('an answer that is not what was asked for is told', async () => {
  const endless = () =>
    new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536).fill(32)) }));
  const answers = {
    'no JSON': () => new Response('<html>'),
    'no keys': () => Response.json({}),
    null: () => Response.json(null),
    'keys that are no list': () => Response.json({ keys: {} }),
    'a status': () => new Response('', { status: 404 }),
    'a redirect': () => Response.redirect('https://evil.example.com/'),
    'no end': endless,
  };
  for (const [what, answer] of Object.entries(answers)) {
    const { publish, verifier } = setUp();
    publish.answer = answer;
    await assert.rejects(verifier.verify(token(first)), code('badResponse'), what);
  }
});

test('keys of no use are passed over', async () => {
  const { publish, verifier } = setUp();
  const { kid, ...nameless } = second.jwk;
  publish.jwks.keys.unshift(null, 7, 'key', {}, nameless, { kid: 'first', use: 'enc', kty: 'oct' });
  await verifier.verify(token(first));
});

test('a key that is broken is told', async () => {
  const { publish, verifier } = setUp();
  publish.jwks.keys[0] = { ...first.jwk, x: 'AAAA' };
  await assert.rejects(verifier.verify(token(first)), code('badResponse'));
});

test('an issuer that is slow is waited for no longer than may be', async () => {
  const { publish, verifier } = setUp([first], { timeoutMs: 20 });
  let signal;
  publish.answer = () => new Promise(() => {});
  const watched = createVerifier({
    issuer: ISSUER,
    clientId: null,
    tokenUse: null,
    timeoutMs: 20,
    fetch: (url, init) => {
      signal = init.signal;
      return publish(url);
    },
  });
  await assert.rejects(verifier.verify(token(first)), code('timeout'));
  await assert.rejects(watched.verify(token(first)), code('timeout'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(signal.aborted);
});

test('a fetch that never comes back does not stand in the way of the next', async () => {
  const { publish, verifier } = setUp([first], { timeoutMs: 20, cooldownMs: 0 });
  publish.answer = () => new Promise(() => {});
  await assert.rejects(verifier.verify(token(first)), code('timeout'));
  publish.answer = () => Response.json(publish.jwks);
  await new Promise((resolve) => setTimeout(resolve, 25));
  await verifier.verify(token(first));
});

test('without an address nothing is ever fetched', async (t) => {
  const pass = clock(t);
  const { publish, verifier } = setUp([], { jwks: { keys: [first.jwk] }, jwksUri: null });
  await verifier.prefetch();
  pass(90_000_000);
  await verifier.verify(token(first));
  await assert.rejects(verifier.verify(token(second)), code('keyNotFound'));
  assert.equal(publish.calls.length, 0);
});

test('keys that are known beforehand save the first fetch', async () => {
  const { publish, verifier } = setUp([first, second], { jwks: { keys: [first.jwk] } });
  await verifier.verify(token(first));
  assert.equal(publish.calls.length, 0);
  await verifier.verify(token(second));
  assert.equal(publish.calls.length, 1);
});
