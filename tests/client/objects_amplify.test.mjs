// Does Amplify Storage, unmodified, keep the files of a page's users under `wrangler dev`? It takes a
// host of S3's in the options of each call, speaks TLS to it, and has each bucket below it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { develop } from './wrangler.mjs';

// All clients of this file are to be those of the server that it starts.
const wrangler = await develop();
process.env.COGNATE_ENDPOINT = wrangler.endpoint;
after(() => wrangler.stop());

const { Amplify } = await import('aws-amplify');
const { fetchAuthSession, signIn, signOut } = await import('aws-amplify/auth');
const { cognitoUserPoolsTokenProvider } = await import('aws-amplify/auth/cognito');
const storage = await import('aws-amplify/storage');
const { createMember, createShop, createTeam } = await import('../sdk/objects.mjs');
const { PASSWORD, REGION } = await import('../sdk/world.mjs');

const bucket = 'files';
const all = `arn:aws:s3:::${bucket}`;
const own = `${all}/private/\${cognito-identity.amazonaws.com:sub}/*`;
const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${all}/orders/*` };
const write = { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject'], Resource: `${all}/orders/*` };
const keep = { Effect: 'Allow', Action: ['s3:*Object', 's3:AbortMultipartUpload'], Resource: own };
const look = {
  Effect: 'Allow',
  Action: 's3:ListBucket',
  Resource: all,
  Condition: { StringLike: { 's3:prefix': ['orders/*', 'private/${cognito-identity.amazonaws.com:sub}/*'] } },
};

let shop;
let teams;

before(async () => {
  shop = await createShop();
  teams = {
    editors: await createTeam(shop, 'editors', [read, write, keep, look]),
    readers: await createTeam(shop, 'readers', [read, keep, look]),
  };
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: shop.poolId,
        userPoolClientId: shop.clientId,
        userPoolEndpoint: wrangler.endpoint,
        identityPoolId: shop.identityPoolId,
        identityPoolEndpoint: wrangler.endpoint,
        allowGuestAccess: true,
      },
    },
    Storage: { S3: { bucket, region: REGION } },
  });
  const held = new Map();
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void held.set(key, value),
    getItem: async (key) => held.get(key) ?? null,
    removeItem: async (key) => void held.delete(key),
    clear: async () => held.clear(),
  });
});

/** Signs a new member of a team in; gives the identity. */
async function enter(team) {
  await signOut();
  const { isSignedIn } = await signIn({ username: await createMember(shop, team), password: PASSWORD });
  assert.ok(isSignedIn);
  return (await fetchAuthSession()).identityId;
}

const customEndpoint = new URL(wrangler.endpoint).host;
const at = (call) => (input) => call({ ...input, options: { ...input.options, customEndpoint } });
const copy = at(storage.copy);
const downloadData = at(storage.downloadData);
const getProperties = at(storage.getProperties);
const getUrl = at(storage.getUrl);
const list = at(storage.list);
const remove = at(storage.remove);
const uploadData = at(storage.uploadData);

const upload = (path, data, options) => uploadData({ path, data, options }).result;
const textAt = async (path) => (await (await downloadData({ path }).result).body).text();
const denied = (promise) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.name, 'AccessDenied', `${error.name}: ${error.message}`);
    return true;
  });

test('editors write orders, readers read them, and nobody else does either', async () => {
  await enter(teams.editors);
  const path = 'orders/one é+&.txt';
  const options = { contentType: 'text/plain', metadata: { color: 'red' } };
  const uploaded = await upload(path, 'first', options);
  assert.equal(uploaded.path, path);
  assert.equal(await textAt(path), 'first');
  const properties = await getProperties({ path });
  assert.deepEqual(
    [properties.size, properties.contentType, properties.metadata],
    [5, 'text/plain', { color: 'red' }],
  );
  // It sends the name of the source as it is, which headers do not hold if it is not ASCII.
  await upload('orders/two +1', 'second');
  await copy({ source: { path: 'orders/two +1' }, destination: { path: 'orders/two' } });

  await enter(teams.readers);
  assert.equal(await textAt(path), 'first');
  const { items } = await list({ path: 'orders/' });
  assert.deepEqual(items.map((item) => item.path).sort(), [path, 'orders/two', 'orders/two +1']);
  const { url, expiresAt } = await getUrl({ path, options: { expiresIn: 60 } });
  assert.ok(expiresAt > new Date());
  assert.equal(await (await fetch(url)).text(), 'first');
  await denied(upload(path, 'other'));
  await denied(remove({ path }));
  await denied(copy({ source: { path: 'orders/two' }, destination: { path: 'orders/three' } }));
  await denied(upload('elsewhere/a', 'x'));
  assert.equal(await textAt(path), 'first');

  await signOut();
  await denied(textAt(path));
});

test('each keeps files where nobody else gets at them', async () => {
  const first = await enter(teams.readers);
  const path = `private/${first}/note`;
  await upload(({ identityId }) => `private/${identityId}/note`, 'mine');
  const large = new Uint8Array(4 << 20).fill(7);
  await upload(`private/${first}/large`, large);
  const { items } = await list({ path: `private/${first}/` });
  assert.deepEqual(items.map(({ size }) => size).sort(), [4, large.byteLength]);
  const got = await (await downloadData({ path: `private/${first}/large` }).result).body.blob();
  assert.equal(got.size, large.byteLength);

  const second = await enter(teams.readers);
  assert.notEqual(second, first);
  await denied(textAt(path));
  await denied(upload(path, 'theirs'));
  await denied(list({ path: `private/${first}/` }));
  await denied(list({ path: 'private/' }));
  const { url } = await getUrl({ path });
  assert.equal((await fetch(url)).status, 403);
  await denied(remove({ path }));
  await upload(`private/${second}/note`, 'mine too');
  await remove({ path: `private/${second}/note` });
  assert.deepEqual((await list({ path: `private/${second}/` })).items, []);
});
