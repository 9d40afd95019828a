// Does a page that waited for another's refresh see what came of it?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient, getSession, memoryStorage, signIn } from 'cognate/client';

import { CLIENT, code, PASSWORD, POOL, serve, tokens } from './world.mjs';

/** How much later a write of one page arrives in the others, as in browsers. */
const DELAY_MS = 50;

/** The locks of a browser. */
function locks() {
  let last = Promise.resolve();
  return {
    request(_, { signal }, task) {
      const turn = last.then(() => {
        if (signal.aborted) throw new DOMException('aborted', 'AbortError');
        return task();
      });
      last = turn.catch(() => {});
      const aborted = new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
      return Promise.race([turn, aborted]);
    },
  };
}

/** What two pages make of one storage. */
function pages() {
  const seen = [memoryStorage(), memoryStorage()];
  return seen.map((own, index) => ({
    ...own,
    shared: true,
    set(key, value) {
      own.set(key, value);
      setTimeout(() => seen[1 - index].set(key, value), DELAY_MS);
    },
  }));
}

function withLocks(t) {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { locks: locks() }, configurable: true });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete globalThis.navigator;
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const common = { userPoolId: POOL, clientId: CLIENT };

test('two pages refresh once, though what one writes arrives late in the other', async (t) => {
  withLocks(t);
  const { endpoint, operations } = await serve(t, async (operation) => {
    if (operation === 'InitiateAuth') return { AuthenticationResult: tokens({ ExpiresIn: 30 }) };
    await pause(20);
    return { AuthenticationResult: tokens() };
  });
  const [one, other] = pages().map((storage) => createClient({ ...common, endpoint, storage }));
  await signIn(one, { username: 'ann', password: PASSWORD, method: 'password' });
  await pause(2 * DELAY_MS);
  const [first, second] = await Promise.all([getSession(one), getSession(other)]);
  assert.deepEqual(operations(), ['InitiateAuth', 'GetTokensFromRefreshToken']);
  assert.deepEqual(first, second);
});

test('a page that keeps the lock does not keep others waiting without end', async (t) => {
  withLocks(t);
  const { endpoint } = await serve(t, () => ({ AuthenticationResult: tokens() }));
  const [storage] = pages();
  const client = createClient({ ...common, endpoint, storage, timeoutMs: 100 });
  await signIn(client, { username: 'ann', password: PASSWORD, method: 'password' });
  navigator.locks.request('', { signal: new AbortController().signal }, () => new Promise(() => {}));
  await assert.rejects(getSession(client, { refresh: true }), code('timeout'));
  assert.ok(await getSession(client), 'the session is still there');
});
