import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  createClient,
  deleteUser,
  getSession,
  getUser,
  groups,
  hasGroup,
  hasScope,
  memoryStorage,
  onChange,
  signIn,
  signOut,
} from 'cognate/client';

import { CLIENT, code, PASSWORD, POOL, Refusal, serve, storage, tokens } from './world.mjs';

const KEY = `cognate.${CLIENT}`;
const ENDED = new Refusal('NotAuthorizedException', 'Refresh Token has been revoked');

const client = (endpoint, settings = {}) =>
  createClient({ userPoolId: POOL, clientId: CLIENT, endpoint, ...settings });

/** A client of a service that signs in everybody, and does what the test says otherwise. */
async function signedIn(t, answer, settings = {}, first = {}) {
  const world = await serve(t, (operation, input, count) => {
    if (count === 1) return { AuthenticationResult: tokens(first) };
    return answer(operation, input, count);
  });
  const made = client(world.endpoint, settings);
  const next = await signIn(made, { username: 'ann', password: PASSWORD, method: 'password' });
  assert.equal(next.step, 'done');
  return { ...world, client: made, session: next.session };
}

const renewing = () => ({ AuthenticationResult: tokens() });
/** As in pages that did not come over TLS. */
function withoutLocks(t) {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete globalThis.navigator;
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('nobody is signed in at first', async () => {
  assert.equal(await getSession(client('http://127.0.0.1:1')), null);
  await assert.rejects(getUser(client('http://127.0.0.1:1')), code('notSignedIn'));
});

test('a session says who and what, and is kept without asking again', async (t) => {
  const { client, session, calls } = await signedIn(t, renewing);
  assert.equal(session.username, 'ann');
  assert.deepEqual(groups(session.idClaims), ['admins']);
  assert.ok(hasGroup(session.idClaims, 'admins') && !hasGroup(session.idClaims, 'admin'));
  assert.ok(hasScope(session.accessClaims, 'b') && !hasScope(session.accessClaims, 'a b'));
  assert.deepEqual(await getSession(client), session);
  assert.equal(calls.length, 1);
});

test('claims that are not what they should be name no group and no scope', () => {
  assert.deepEqual(groups({ 'cognito:groups': 'admins' }), []);
  assert.deepEqual(groups({ 'cognito:groups': [1, 'admins'] }), ['admins']);
  assert.equal(hasScope({ scope: ['a'] }, 'a'), false);
});

test('tokens that are about to expire are renewed, once for all who ask', async (t) => {
  const { client, session, calls } = await signedIn(t, renewing, {}, { ExpiresIn: 30 });
  const sessions = await Promise.all([1, 2, 3].map(() => getSession(client)));
  assert.deepEqual(
    calls.slice(1).map(({ operation, input }) => [operation, input.RefreshToken]),
    [['GetTokensFromRefreshToken', session.refreshToken]],
  );
  assert.notEqual(sessions[0].accessToken, session.accessToken);
  assert.equal(new Set(sessions.map(({ accessToken }) => accessToken)).size, 1);
  assert.notEqual(sessions[0].refreshToken, session.refreshToken);
  assert.deepEqual(await getSession(client), sessions[0]);
});

test('without rotation the refresh token stays', async (t) => {
  const answer = () => ({ AuthenticationResult: tokens({ RefreshToken: undefined }) });
  const { client, session } = await signedIn(t, answer);
  const renewed = await getSession(client, { refresh: true });
  assert.equal(renewed.refreshToken, session.refreshToken);
  assert.notEqual(renewed.accessToken, session.accessToken);
});

test('a service that does not know the newer operation is asked the older way from then on', async (t) => {
  const { client, calls, operations } = await signedIn(t, (operation) => {
    if (operation !== 'InitiateAuth') throw new Refusal('UnknownOperationException');
    return renewing();
  });
  await getSession(client, { refresh: true });
  await getSession(client, { refresh: true });
  assert.deepEqual(operations().slice(1), [
    'GetTokensFromRefreshToken',
    'InitiateAuth',
    'InitiateAuth',
  ]);
  assert.equal(calls[2].input.AuthFlow, 'REFRESH_TOKEN_AUTH');
});

test('a session outlives a service that cannot be reached, slow, broken or wrong', async (t) => {
  let wrong;
  const send = (request) => (wrong ? wrong(request) : fetch(request));
  const settings = { fetch: send, timeoutMs: 300 };
  const { client, session } = await signedIn(t, renewing, settings, { ExpiresIn: 0 });
  const answer = (body, status = 200, headers = {}) => async () => new Response(body, { status, headers });
  const endless = () => new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(99_999)) });
  const worlds = {
    offline: [() => Promise.reject(new TypeError('Failed to fetch')), 'network'],
    silent: [({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)), 'timeout'],
    broken: [answer('', 500), 'server'],
    busy: [answer('', 429), 'tooManyRequests'],
    'a page': [answer('<html>'), 'badResponse'],
    'a page of another': [answer('<html>', 404), 'badResponse'],
    'a redirect': [answer('', 302, { location: 'https://evil.example.com' }), 'badResponse'],
    endless: [async () => new Response(endless()), 'badResponse'],
    'no tokens': [answer('{}'), 'badResponse'],
    'half the tokens': [answer(JSON.stringify({ AuthenticationResult: { AccessToken: 'a.b.c' } })), 'badResponse'],
    'an error of another': [answer('{"error":"invalid_grant"}', 400), 'badResponse'],
  };
  for (const [what, [world, wanted]] of Object.entries(worlds)) {
    wrong = world;
    const error = await getSession(client).catch((caught) => caught);
    assert.ok(code(wanted)(error), what);
    const told = [error.message, error.stack, JSON.stringify(error)].join();
    for (const token of [session.accessToken, session.idToken, session.refreshToken]) {
      assert.ok(!told.includes(token), `${what}: it holds a token`);
    }
  }
  wrong = undefined;
  const renewed = await getSession(client);
  assert.notEqual(renewed.accessToken, session.accessToken);
});

test('tokens that are valid for a little longer do while the service cannot be reached', async (t) => {
  const answer = () => ({ raw: { status: 500, body: '' } });
  const { client, session } = await signedIn(t, answer, {}, { ExpiresIn: 30 });
  assert.deepEqual(await getSession(client), session);
  await assert.rejects(getSession(client, { refresh: true }), code('server'));
});

test('a refresh whose answer was lost is asked for again with the same token', async (t) => {
  const { client, calls } = await signedIn(t, (_, __, count) =>
    count === 2 ? { raw: { status: 502, body: '' } } : renewing(),
  );
  await getSession(client, { refresh: true });
  assert.equal(calls.length, 3);
  assert.equal(calls[1].input.RefreshToken, calls[2].input.RefreshToken);
});

for (const refusal of [
  ENDED,
  new Refusal('NotAuthorizedException', 'Refresh Token has expired'),
  new Refusal('RefreshTokenReuseException', 'Refresh token has been used'),
  new Refusal('UserNotFoundException', 'User does not exist.'),
]) {
  test(`a session ends once, and is gone then: ${refusal.message}`, async (t) => {
    const { client } = await signedIn(t, () => {
      throw refusal;
    });
    const seen = [];
    onChange(client, (session) => seen.push(session));
    await assert.rejects(getSession(client, { refresh: true }), code('sessionEnded'));
    assert.deepEqual(seen, [null]);
    assert.equal(await getSession(client), null);
  });
}

test('a wrong client secret does not cost the session', async (t) => {
  const { client } = await signedIn(t, () => {
    throw new Refusal('NotAuthorizedException', 'Unable to verify secret hash for client x');
  });
  await assert.rejects(getSession(client, { refresh: true }), code('notAuthorized'));
  assert.notEqual(await getSession(client), null);
});

test('an access token that is refused is renewed, once', async (t) => {
  const revoked = () => {
    throw new Refusal('NotAuthorizedException', 'Access Token has been revoked');
  };
  const { client, operations } = await signedIn(t, (operation, input, count) => {
    if (operation === 'GetUser') return count === 2 ? revoked() : { Username: 'ann' };
    return renewing();
  });
  assert.equal((await getUser(client)).username, 'ann');
  assert.deepEqual(operations().slice(1), ['GetUser', 'GetTokensFromRefreshToken', 'GetUser']);
});

test('whoever signs out while tokens are renewed stays signed out', async (t) => {
  let release;
  const { client } = await signedIn(t, async (operation) => {
    if (operation === 'RevokeToken') return {};
    await new Promise((resolve) => (release = resolve));
    return renewing();
  });
  const refresh = getSession(client, { refresh: true });
  while (!release) await pause(5);
  await signOut(client);
  release();
  await assert.rejects(refresh, code('notSignedIn'));
  assert.equal(await getSession(client), null);
});

test('a spoiled session is an error, and signing out or in replaces it', async (t) => {
  const store = storage();
  const { client } = await signedIn(t, renewing, { storage: store });
  const whole = store.kept.get(KEY);
  const foreign = '{"version":2}';
  for (const spoiled of ['', '{', 'null', '[]', foreign, whole.slice(0, -9), whole.replace('.', '')]) {
    store.kept.set(KEY, spoiled);
    await assert.rejects(getSession(client), (error) => {
      assert.ok(spoiled === '' || !error.message.includes(spoiled));
      return code('storage')(error);
    });
  }
  await signOut(client);
  assert.equal(await getSession(client), null);
});

test('a session that storage does not take is an error, and lives on in memory', async (t) => {
  const store = storage({ set: true });
  const { endpoint } = await serve(t, () => ({ AuthenticationResult: tokens() }));
  const full = client(endpoint, { storage: store });
  const input = { username: 'ann', password: PASSWORD, method: 'password' };
  await assert.rejects(signIn(full, input), code('storage'));
  const first = await getSession(full);
  assert.equal(first.username, 'ann');

  await assert.rejects(getSession(full, { refresh: true }), code('storage'));
  const second = await getSession(full);
  assert.notEqual(second.refreshToken, first.refreshToken);

  store.failing.set = false;
  const third = await getSession(full, { refresh: true });
  assert.deepEqual(await getSession(client(endpoint, { storage: store })), third);
});

test('a storage that cannot be read or emptied is an error', async (t) => {
  const store = storage({ get: true });
  await assert.rejects(getSession(client('http://127.0.0.1:1', { storage: store })), code('storage'));
  const { client: stuck } = await signedIn(t, () => ({}), { storage: storage({ remove: true }) });
  await assert.rejects(signOut(stuck), code('storage'));
  assert.equal(await getSession(stuck), null, 'this page is signed out all the same');
});

test('two pages that share storage refresh once', async (t) => {
  withoutLocks(t);
  const store = { ...storage(), shared: true };
  const { client: one, endpoint, operations } = await signedIn(
    t,
    async () => {
      await pause(100);
      return renewing();
    },
    { storage: store },
    { ExpiresIn: 30 },
  );
  const other = client(endpoint, { storage: store });
  const [first, second] = await Promise.all([getSession(one), getSession(other)]);
  assert.deepEqual(operations().slice(1), ['GetTokensFromRefreshToken']);
  assert.deepEqual(first, second);
});

test('a page that died while it refreshed does not keep others from it', async (t) => {
  withoutLocks(t);
  const store = { ...storage(), shared: true };
  const { client: one } = await signedIn(t, renewing, { storage: store, timeoutMs: 400 });
  store.kept.set(`${KEY}.refresh`, `somebody ${Date.now() + 300}`);
  assert.ok(await getSession(one, { refresh: true }));
  store.kept.set(`${KEY}.refresh`, `somebody ${Date.now() + 10 ** 9}`);
  assert.ok(await getSession(one, { refresh: true }));
  assert.equal(store.kept.has(`${KEY}.refresh`), false);
});

test('changes are told, in this page and from others', async (t) => {
  let changed;
  const store = { ...memoryStorage(), watch: (_, heard) => ((changed = heard), () => (changed = null)) };
  const { client } = await signedIn(t, renewing, { storage: store });
  const seen = [];
  const stop = onChange(client, (session) => seen.push(session?.username ?? null));
  await getSession(client, { refresh: true });
  store.remove(KEY);
  changed();
  await pause(5);
  assert.deepEqual(seen, ['ann', null]);
  stop();
  assert.equal(changed, null);
  await signOut(client);
  assert.equal(seen.length, 2);
});

test('signing out works without the service, and says so', async (t) => {
  const answer = (operation) => {
    if (operation === 'RevokeToken') throw new Refusal('UnsupportedOperationException');
  };
  const { client, calls, session } = await signedIn(t, answer);
  assert.deepEqual(await signOut(client), { revoked: false });
  assert.equal(calls.at(-1).input.Token, session.refreshToken);
  assert.equal(await getSession(client), null);
  assert.deepEqual(await signOut(client), { revoked: true }, 'nobody was signed in');
});

test('signing out everywhere fails without the service, and then nobody is signed out', async (t) => {
  let fails = true;
  const { client } = await signedIn(t, () => (fails ? { raw: { status: 500, body: '' } } : {}));
  await assert.rejects(signOut(client, { everywhere: true }), code('server'));
  assert.notEqual(await getSession(client), null);
  fails = false;
  assert.deepEqual(await signOut(client, { everywhere: true }), { revoked: true });
  assert.equal(await getSession(client), null);
});

test('a user who is deleted is signed out', async (t) => {
  const { client, operations } = await signedIn(t, () => ({ raw: { body: '' } }));
  await deleteUser(client);
  assert.deepEqual(operations().slice(1), ['DeleteUser']);
  assert.equal(await getSession(client), null);
});
