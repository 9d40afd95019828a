// Does what was not signed stay out of buckets, and what is not allowed inside them, on real workerd?

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';

import { S3 } from '@aws-sdk/client-s3';

import { createHolder, createShop, createTeam } from './objects.mjs';
import { CHUNKS, chunked, hash, sendRaw, signed, TRAILER, UNSIGNED } from './signature.mjs';
import { CREDENTIALS, ENDPOINT, REGION, unique } from './world.mjs';

const Bucket = 'files';
const root = new S3({
  endpoint: ENDPOINT,
  region: REGION,
  credentials: CREDENTIALS,
  forcePathStyle: true,
  maxAttempts: 1,
});

/** Somebody who may do anything below a prefix of their own, and two of them. */
let holders;

before(async () => {
  const shop = await createShop();
  const team = await createTeam(shop, 'keepers', {
    Effect: 'Allow',
    Action: 's3:*Object',
    Resource: `arn:aws:s3:::${Bucket}/private/\${cognito-identity.amazonaws.com:sub}/*`,
  });
  holders = await Promise.all([createHolder(shop, team), createHolder(shop, team)]);
});

const sizeOf = async (Key) => {
  try {
    return (await root.headObject({ Bucket, Key })).ContentLength;
  } catch (error) {
    assert.equal(error.name, 'NotFound');
    return undefined;
  }
};

const pathOf = (Key) => `/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;

/** Puts an object as a key says, with a body that may be another than what was signed. */
async function put(Key, payload, headers, body, more = {}) {
  const head = { method: 'PUT', path: pathOf(Key), headers, payload, ...more };
  const { headers: all, chain } = signed(more.key ?? CREDENTIALS, ENDPOINT, head);
  const parts = body(chain);
  return sendRaw(ENDPOINT, { method: 'PUT', path: head.path, headers: all, body: parts });
}

test('chunks are taken as they were signed, or not at all', async () => {
  const chunks = [randomBytes(65_536), randomBytes(65_536), randomBytes(1_000)];
  const bytes = 132_072;
  const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': bytes };
  const Key = unique('chunks');
  const whole = await put(Key, CHUNKS, headers, (chain) => chunked(chunks, chain));
  assert.equal(whole.status, 200, whole.text);
  const { Body } = await root.getObject({ Bucket, Key });
  assert.ok(Buffer.from(await Body.transformToByteArray()).equals(Buffer.concat(chunks)));

  const tampered = Buffer.from(chunks[2]);
  tampered[999] ^= 1;
  const attacks = {
    'a bit of the last chunk': (parts) => parts.with(7, tampered),
    'chunks swapped': (parts) => [...parts.slice(3, 6), ...parts.slice(0, 3), ...parts.slice(6)],
    'a chunk again': (parts) => [...parts.slice(0, 3), ...parts.slice(0, 3), ...parts.slice(6)],
    'the end cut off': (parts) => parts.slice(0, 6),
    'the last chunk left out': (parts) => [...parts.slice(0, 6), ...parts.slice(9)],
    'no signatures': (parts) => parts.map((part) => String(part).replace(/;chunk.*/, '')),
    'something after the end': (parts) => [...parts, 'more'],
  };
  for (const [attack, change] of Object.entries(attacks)) {
    const Key = unique('attack');
    const { status, code } = await put(Key, CHUNKS, headers, (chain) => change(chunked(chunks, chain)));
    assert.ok(['SignatureDoesNotMatch', 'IncompleteBody'].includes(code), `${attack}: ${status} ${code}`);
    assert.equal(await sizeOf(Key), undefined, attack);
  }
});

test('a body that is not what its hash or checksum says is not kept', async () => {
  const attempts = {
    XAmzContentSHA256Mismatch: [hash('hello'), { 'content-length': 5 }, ['hellO']],
    BadDigest: [UNSIGNED, { 'content-length': 5, 'x-amz-checksum-crc32': 'AAAAAA==' }, ['hello']],
    IncompleteBody: [
      TRAILER,
      { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': 4 },
      ['5\r\nhello\r\n0\r\n\r\n'],
    ],
    MissingContentLength: [UNSIGNED, { 'transfer-encoding': 'chunked' }, ['hello']],
    EntityTooLarge: [
      TRAILER,
      { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': 6 * 2 ** 30 },
      ['5\r\nhello\r\n0\r\n\r\n'],
    ],
  };
  for (const [expected, [payload, headers, body]] of Object.entries(attempts)) {
    const Key = unique('wrong');
    const { status, code } = await put(Key, payload, headers, () => body);
    assert.equal(code, expected, `${status}`);
    assert.equal(await sizeOf(Key), undefined);
  }
  const Key = unique('kept');
  await root.putObject({ Bucket, Key, Body: 'before' });
  const [payload, headers, body] = attempts.XAmzContentSHA256Mismatch;
  await put(Key, payload, headers, () => body);
  assert.equal(await sizeOf(Key), 6);
});

test('no way of writing a path leads to what is somebody else’s', async () => {
  const [mine, theirs] = holders;
  const secret = `private/${theirs.identityId}/secret`;
  await root.putObject({ Bucket, Key: secret, Body: 'secret' });
  const read = async (path, sent = path) => {
    const { headers } = signed(mine.credentials, ENDPOINT, { method: 'GET', path, payload: hash('') });
    return sendRaw(ENDPOINT, { method: 'GET', path: sent, headers });
  };
  const [own, other] = [mine, theirs].map(({ identityId }) => encodeURIComponent(identityId));
  const good = `/${Bucket}/private/${own}/note`;
  await root.putObject({ Bucket, Key: `private/${mine.identityId}/note`, Body: 'note' });
  assert.equal((await read(good)).text, 'note');
  assert.equal((await read(good, good.replace('/note', '%2Fnote'))).text, 'note');
  const base = `/${Bucket}/private/${own}`;
  const paths = [
    `/${Bucket}/private/${other}/secret`,
    `${base}/../${other}/secret`,
    `${base}/%2e%2e/${other}/secret`,
    `${base}/..%2F${other}%2Fsecret`,
    `${base}/%252e%252e/${other}/secret`,
    `/${Bucket}//private/${other}/secret`,
    `/${Bucket}/./private/${other}/secret`,
    `/${Bucket}/private/*/secret`,
    `/${Bucket}/private/${own}%00/../${other}/secret`,
    `/other/../${Bucket}/private/${other}/secret`,
    `//${Bucket}/private/${other}/secret`,
  ];
  for (const path of paths) {
    const { status, text } = await read(path);
    assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
    assert.ok(!text.startsWith('secret'));
    // What was signed for one path is good for no other.
    assert.ok([400, 403, 404].includes((await read(good, path)).status), path);
  }
});

test('a signature is good for a while, by the key that made it, for this service', async () => {
  const Key = unique('late');
  const send = (more) => put(Key, hash('x'), { 'content-length': 1 }, () => ['x'], more);
  for (const at of [Date.now() - 901_000, Date.now() + 901_000]) {
    assert.equal((await send({ at })).code, 'RequestTimeTooSkewed');
  }
  const wrong = { ...CREDENTIALS, secretAccessKey: 'wrong' };
  assert.equal((await send({ key: wrong })).code, 'SignatureDoesNotMatch');
  const unknown = { ...CREDENTIALS, accessKeyId: 'AKIANOBODYNOBODY0000' };
  assert.equal((await send({ key: unknown })).code, 'InvalidAccessKeyId');
  const [{ credentials }, { credentials: others }] = holders;
  const swapped = { ...credentials, sessionToken: others.sessionToken };
  assert.equal((await send({ key: swapped })).code, 'InvalidAccessKeyId');
  const { sessionToken: _, ...bare } = credentials;
  assert.equal((await send({ key: bare })).code, 'InvalidAccessKeyId');
  assert.equal((await send({ service: 'sts' })).status, 404);
  assert.equal(await sizeOf(Key), undefined);
});

test('who is refused learns so before a large body is sent in vain, or after', async () => {
  const [{ credentials }] = holders;
  const body = randomBytes(3 << 20);
  const headers = { 'content-length': body.byteLength };
  const { code } = await put('elsewhere', UNSIGNED, headers, () => [body], { key: credentials });
  assert.equal(code, 'AccessDenied');
});
