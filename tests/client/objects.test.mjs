// Does a page keep files? Amplify Storage in Chromium, on an origin of its own, under `wrangler dev`:
// what browsers ask first, files in parts with checksums, progress, links.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { develop } from './wrangler.mjs';

// All clients of this file are to be those of the server that it starts.
const wrangler = await develop();
process.env.COGNATE_ENDPOINT = wrangler.endpoint;
const { createMember, createShop, createTeam } = await import('../sdk/objects.mjs');
const { PASSWORD, REGION } = await import('../sdk/world.mjs');
const { launch } = await import('./site.mjs');

const bucket = 'files';
const MEGABYTES = 12;

let browser;
let page;
let site;
let shop;

/** What the page is made of. */
const SCRIPT = `
  import { Amplify } from 'aws-amplify';
  import { fetchAuthSession, signIn } from 'aws-amplify/auth';
  import * as storage from 'aws-amplify/storage';
  Object.assign(window, { Amplify, fetchAuthSession, signIn, storage });
`;

async function publish() {
  const resolveDir = fileURLToPath(new URL('..', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir },
    bundle: true,
    format: 'esm',
    write: false,
    define: { global: 'globalThis' },
  });
  const server = createServer((request, response) => {
    const isScript = request.url === '/script.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0].contents : '<script type="module" src="script.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

before(async () => {
  browser = await launch();
  [site, shop] = await Promise.all([publish(), createShop()]);
  const own = `arn:aws:s3:::${bucket}/private/\${cognito-identity.amazonaws.com:sub}/*`;
  const team = await createTeam(shop, 'keepers', [
    { Effect: 'Allow', Action: ['s3:*Object', 's3:AbortMultipartUpload'], Resource: own },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { 's3:prefix': 'private/${cognito-identity.amazonaws.com:sub}/*' } },
    },
  ]);
  const username = await createMember(shop, team);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.waitForFunction('window.Amplify !== undefined');
  const Cognito = {
    userPoolId: shop.poolId,
    userPoolClientId: shop.clientId,
    userPoolEndpoint: wrangler.endpoint,
    identityPoolId: shop.identityPoolId,
    identityPoolEndpoint: wrangler.endpoint,
  };
  const configuration = { Auth: { Cognito }, Storage: { S3: { bucket, region: REGION } } };
  const account = { configuration, username, password: PASSWORD };
  await page.evaluate(async ({ configuration, username, password }) => {
    window.Amplify.configure(configuration);
    await window.signIn({ username, password });
  }, account);
});

after(async () => {
  await browser?.close();
  site?.close();
  await wrangler.stop();
});

const customEndpoint = new URL(wrangler.endpoint).host;

test('a page uploads files in parts, lists, shows and removes them', async () => {
  const seen = await page.evaluate(
    async ({ customEndpoint, bytes }) => {
      const { uploadData, list, getUrl, downloadData, remove } = window.storage;
      const options = { customEndpoint };
      const { identityId } = await window.fetchAuthSession();
      const folder = `private/${identityId}/`;
      const data = new Blob([new Uint8Array(bytes).fill(7)], { type: 'image/png' });
      let progress = 0;
      const onProgress = ({ transferredBytes }) => (progress = Math.max(progress, transferredBytes));
      const large = { path: `${folder}large.png`, data, options: { ...options, onProgress, checksumAlgorithm: 'crc-32' } };
      await uploadData(large).result;
      await uploadData({ path: `${folder}note é`, data: 'hello', options }).result;
      const { items } = await list({ path: folder, options });
      const { url } = await getUrl({ path: `${folder}note é`, options });
      const linked = await (await fetch(url)).text();
      const got = await downloadData({ path: `${folder}large.png`, options }).result;
      const blob = await got.body.blob();
      for (const { path } of items) await remove({ path, options });
      const left = (await list({ path: folder, options })).items.length;
      const sizes = items.map(({ size }) => size).sort();
      return { progress, sizes, linked, size: blob.size, contentType: got.contentType, left };
    },
    { customEndpoint, bytes: MEGABYTES << 20 },
  );
  assert.deepEqual(seen, {
    progress: MEGABYTES << 20,
    sizes: [MEGABYTES << 20, 5].sort(),
    linked: 'hello',
    size: MEGABYTES << 20,
    contentType: 'image/png',
    left: 0,
  });
});

test('a page is told why it may not', async () => {
  const names = await page.evaluate(async (customEndpoint) => {
    const { uploadData, list, getProperties } = window.storage;
    const options = { customEndpoint };
    const calls = [
      () => uploadData({ path: 'others/a', data: 'x', options }).result,
      () => list({ path: 'others/', options }),
      () => getProperties({ path: 'others/a', options }),
    ];
    const nameOf = (call) => call().then(() => 'none', (error) => error.name);
    return Promise.all(calls.map(nameOf));
  }, customEndpoint);
  assert.deepEqual(names.slice(0, 2), ['AccessDenied', 'AccessDenied']);
  assert.notEqual(names[2], 'none');
});
