// Does a provider of credentials keep them, renew them in time, and never give one user another's?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient, getSession, signIn, signOut } from 'cognate/client';
import { credentials, memoryStorage } from 'cognate/credentials';

import { CLIENT, code, jwt, PASSWORD, POOL, Refusal, serve, storage, tokens } from './world.mjs';

const IDENTITIES = 'eu-west-1:0a1b2c3d-0a1b-8a1b-8a1b-0a1b2c3d4e5f';
const HOUR_S = 3_600;

let issued = 0;

/** What `GetCredentialsForIdentity` answers. */
function given(identity, lifeS = HOUR_S) {
  issued += 1;
  return {
    IdentityId: identity,
    Credentials: {
      AccessKeyId: `ASIA${issued}`,
      SecretKey: `secret-${issued}`,
      SessionToken: `session-${issued}`,
      Expiration: Date.now() / 1000 + lifeS,
    },
  };
}

/** The identity of whoever has those logins. */
function identityOf(logins) {
  const [token] = Object.values(logins ?? {});
  return token ? `eu-west-1:${JSON.parse(atob(token.split('.')[1])).sub}` : 'eu-west-1:guest';
}

/** A service that gives everybody credentials, unless the test says otherwise. */
function service(t, otherwise = () => undefined) {
  return serve(t, async (operation, input, count) => {
    const answer = await otherwise(operation, input, count);
    if (answer !== undefined) return answer;
    if (operation === 'GetId') return { IdentityId: identityOf(input.Logins) };
    return given(input.IdentityId);
  });
}

const provider = ({ endpoint }, settings = {}) =>
  credentials({ identityPoolId: IDENTITIES, endpoint, ...settings });

/** `Logins` of somebody; each token is another one. */
const login = (sub) => ({ 'login.example.com': jwt({ sub, iat: (issued += 1) }) });

const GET = 'GetCredentialsForIdentity';

test('a guest gets credentials in the form that AWS’s SDKs take, and keeps them', async (t) => {
  const world = await service(t);
  const get = provider(world);
  const first = await get();
  assert.deepEqual(Object.keys(first).sort(), [
    'accessKeyId',
    'expiration',
    'identityId',
    'secretAccessKey',
    'sessionToken',
  ]);
  assert.ok(first.expiration instanceof Date && first.expiration > new Date());
  assert.equal(first.identityId, 'eu-west-1:guest');
  assert.deepEqual(await get(), first);
  assert.deepEqual(world.operations(), ['GetId', GET]);
  assert.deepEqual(world.calls[0].input, { IdentityPoolId: IDENTITIES });
});

test('however often they are asked for at once, one request is in flight', async (t) => {
  const world = await service(t);
  const get = provider(world);
  const all = await Promise.all(Array.from({ length: 20 }, () => get()));
  assert.equal(new Set(all.map(({ accessKeyId }) => accessKeyId)).size, 1);
  assert.deepEqual(world.operations(), ['GetId', GET]);
});

test('they are renewed five minutes ahead, for the same identity', async (t) => {
  const world = await service(t, (operation, input) =>
    operation === GET ? given(input.IdentityId, world.calls.length < 3 ? 290 : HOUR_S) : undefined,
  );
  const get = provider(world);
  const first = await get();
  const second = await get();
  assert.notEqual(second.accessKeyId, first.accessKeyId);
  assert.deepEqual(await get(), second);
  assert.deepEqual(world.operations(), ['GetId', GET, GET]);
});

test('the old ones serve as long as they are good while the service fails', async (t) => {
  let lifeS = 60;
  let fails = false;
  const world = await service(t, (operation, input) => {
    if (fails) return { raw: { status: 503, body: '' } };
    return operation === GET ? given(input.IdentityId, lifeS) : undefined;
  });
  const get = provider(world);
  const first = await get();
  fails = true;
  assert.deepEqual(await get(), first);
  await assert.rejects(get({ forceRefresh: true }), code('server'));
  [lifeS, fails] = [-1, false];
  const over = provider(world);
  await over();
  fails = true;
  await assert.rejects(over(), code('server'));
});

test('new ones are fetched when that is wanted', async (t) => {
  const world = await service(t);
  const get = provider(world);
  const first = await get();
  const second = await get({ forceRefresh: true });
  assert.notEqual(second.accessKeyId, first.accessKeyId);
  assert.deepEqual(world.operations(), ['GetId', GET, GET]);
});

test('a renewed token changes nothing, another user everything', async (t) => {
  const world = await service(t);
  let logins = login('ann');
  const get = provider(world, { logins: () => logins });
  const ann = await get();
  assert.equal(ann.identityId, 'eu-west-1:ann');
  assert.deepEqual(world.calls[1].input.Logins, logins);
  logins = login('ann');
  assert.deepEqual(await get(), ann);
  logins = login('bob');
  const bob = await get();
  assert.equal(bob.identityId, 'eu-west-1:bob');
  logins = null;
  assert.equal((await get()).identityId, 'eu-west-1:guest');
});

test('guests are refused where they are not wanted', async (t) => {
  const world = await service(t);
  await assert.rejects(provider(world, { guests: false })(), code('notSignedIn'));
  assert.deepEqual(world.calls, []);
});

test('the role that is wanted is asked for, but not for a guest', async (t) => {
  const world = await service(t);
  let logins = login('ann');
  const get = provider(world, { logins: () => logins, customRoleArn: 'arn:aws:iam::1:role/editor' });
  await get();
  assert.equal(world.calls[1].input.CustomRoleArn, 'arn:aws:iam::1:role/editor');
  logins = undefined;
  await get();
  assert.equal('CustomRoleArn' in world.calls[3].input, false);
});

test('what is stored is used by the next page, and a guest stays the same identity', async (t) => {
  const world = await service(t);
  const kept = storage();
  const first = await provider(world, { storage: kept })();
  assert.deepEqual(await provider(world, { storage: kept })(), first);
  kept.kept.delete(`cognate.${IDENTITIES}`);
  assert.equal((await provider(world, { storage: kept })()).identityId, first.identityId);
  assert.deepEqual(world.operations(), ['GetId', GET, GET]);
  const last = provider(world, { storage: kept });
  await last.forget();
  assert.equal(kept.kept.size, 0);
  await last();
  assert.deepEqual(world.operations().slice(3), ['GetId', GET]);
});

test('pages that share a storage share the request', async (t) => {
  const world = await service(t);
  const kept = { ...storage(), shared: true };
  const pages = Array.from({ length: 4 }, () => provider(world, { storage: kept }));
  const all = await Promise.all(pages.map((get) => get()));
  assert.equal(new Set(all.map(({ accessKeyId }) => accessKeyId)).size, 1);
  assert.deepEqual(world.operations(), ['GetId', GET]);
});

test('what is spoiled in storage is fetched anew', async (t) => {
  const world = await service(t);
  const kept = storage();
  for (const spoiled of ['', '{', '[]', '{"version":1}', '{"version":2,"who":""}']) {
    kept.set(`cognate.${IDENTITIES}`, spoiled);
    await provider(world, { storage: kept })();
  }
  assert.equal(world.operations().filter((name) => name === GET).length, 5);
});

test('a storage that takes nothing costs no request more', async (t) => {
  const world = await service(t);
  const get = provider(world, { storage: storage({ set: true }) });
  assert.deepEqual(await get(), await get());
  assert.deepEqual(world.operations(), ['GetId', GET]);
  await assert.rejects(provider(world, { storage: storage({ get: true }) })(), code('storage'));
});

test('a guest whose identity was deleted becomes another one', async (t) => {
  const gone = new Refusal('ResourceNotFoundException', "Identity 'eu-west-1:old' not found.");
  const world = await service(t, (operation, input) => {
    if (operation === GET && input.IdentityId === 'eu-west-1:old') throw gone;
    return undefined;
  });
  const kept = storage();
  kept.set(`cognate.${IDENTITIES}.guest`, 'eu-west-1:old');
  assert.equal((await provider(world, { storage: kept })()).identityId, 'eu-west-1:guest');
  assert.deepEqual(world.operations(), [GET, 'GetId', GET]);
});

test('what the service refuses is told by code and by AWS’s name', async (t) => {
  let refusal;
  const world = await service(t, () => {
    throw refusal;
  });
  for (const [name, wanted] of [
    ['NotAuthorizedException', 'notAuthorized'],
    ['ResourceNotFoundException', 'resourceNotFound'],
    ['TooManyRequestsException', 'tooManyRequests'],
    ['InvalidIdentityPoolConfigurationException', 'refused'],
    ['InternalErrorException', 'server'],
  ]) {
    refusal = new Refusal(name);
    const failed = provider(world)();
    await assert.rejects(failed, (error) => error.serviceError === name && code(wanted)(error));
  }
});

test('an answer that is none is told so', async (t) => {
  for (const answer of [
    { IdentityId: 'eu-west-1:a' },
    { Credentials: {} },
    { IdentityId: 'eu-west-1:a', Credentials: { AccessKeyId: 'a', SecretKey: 'b', SessionToken: 'c' } },
  ]) {
    const world = await service(t, (operation) => (operation === GET ? answer : undefined));
    await assert.rejects(provider(world)(), code('badResponse'));
  }
});

test('where this clock is wrong, they last as long all the same', async (t) => {
  for (const offS of [-7_200, 7_200]) {
    const world = await service(t, (operation, input) => {
      if (operation !== GET) return undefined;
      const answer = given(input.IdentityId, offS + HOUR_S);
      const date = new Date(Date.now() + offS * 1000).toUTCString();
      return { raw: { headers: { date }, body: JSON.stringify(answer) } };
    });
    const get = provider(world);
    const { expiration } = await get();
    const restS = (expiration - Date.now()) / 1000;
    assert.ok(Math.abs(restS - HOUR_S) < 5, `${restS}`);
    await get();
    assert.deepEqual(world.operations(), ['GetId', GET]);
  }
});

test('options that cannot be meant are refused at once', () => {
  for (const settings of [
    { identityPoolId: 'eu-west-1' },
    { identityPoolId: 'eu-west-1_AbCdEfGhI' },
    { endpoint: 'id.example.com' },
    { timeoutMs: 0 },
  ]) {
    const make = () => credentials({ identityPoolId: IDENTITIES, ...settings });
    assert.throws(make, code('badOptions'));
  }
});

/** A client of ours, signed in at the same service. */
async function signedIn(t, otherwise) {
  let sub = 'ann';
  const world = await service(t, (operation, input, count) => {
    if (operation === 'InitiateAuth') {
      const id = jwt({ sub, iss: `http://id.example.com/${POOL}`, n: (issued += 1) });
      return { AuthenticationResult: tokens({ IdToken: id }) };
    }
    if (operation === 'RevokeToken') return {};
    return otherwise?.(operation, input, count);
  });
  const kept = memoryStorage();
  const client = createClient({ userPoolId: POOL, clientId: CLIENT, endpoint: world.endpoint });
  const enter = async (who) => {
    sub = who;
    const next = await signIn(client, { username: who, password: PASSWORD, method: 'password' });
    assert.equal(next.step, 'done');
  };
  await enter('ann');
  return { ...world, client, enter, kept, get: provider(world, { client, storage: kept }) };
}

test('whoever is signed in at the client has credentials, by the issuer of the token', async (t) => {
  const { get, client, calls } = await signedIn(t);
  assert.equal((await get()).identityId, 'eu-west-1:ann');
  const { idToken } = await getSession(client);
  const { input } = calls.find(({ operation }) => operation === 'GetId');
  assert.deepEqual(input.Logins, { [`id.example.com/${POOL}`]: idToken });
});

test('what a user had is forgotten at sign-out, and the next one gets others', async (t) => {
  const { get, client, enter, kept } = await signedIn(t);
  const ann = await get();
  assert.ok(kept.get(`cognate.${IDENTITIES}`));
  await signOut(client);
  assert.equal(kept.get(`cognate.${IDENTITIES}`), null);
  assert.equal((await get()).identityId, 'eu-west-1:guest');
  await enter('bob');
  const bob = await get();
  assert.equal(bob.identityId, 'eu-west-1:bob');
  assert.notEqual(bob.accessKeyId, ann.accessKeyId);
});

test('what was asked for before a sign-out is not kept after it', async (t) => {
  let answer;
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  let reached;
  const waiting = new Promise((resolve) => {
    reached = resolve;
  });
  const { get, client, kept } = await signedIn(t, async (operation, input) => {
    if (operation !== GET || input.IdentityId === 'eu-west-1:guest') return undefined;
    reached();
    await asked;
    return given(input.IdentityId);
  });
  const early = get();
  await waiting;
  await signOut(client);
  answer();
  await early;
  assert.equal(kept.get(`cognate.${IDENTITIES}`), null);
  assert.equal((await get()).identityId, 'eu-west-1:guest');
});
