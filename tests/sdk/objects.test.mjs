// Do AWS's own clients of S3 store objects here, in every way in which they send them, and does each
// caller get at what its role allows and at nothing else?

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request as send } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { GetObjectCommand, PutObjectCommand, S3, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

import { createHolder, createShop, createTeam, permit } from './objects.mjs';
import { CREDENTIALS, ENDPOINT, REGION, unique } from './world.mjs';

const Bucket = 'files';
const MEGABYTE = 1 << 20;

const client = (credentials, settings = {}) =>
  new S3({
    endpoint: ENDPOINT,
    region: REGION,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    ...settings,
  });
const root = client(CREDENTIALS);

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64');
const bytesOf = async ({ Body }) => Buffer.from(await Body.transformToByteArray());

const refused = (name, status) => (error) => {
  assert.ok(error instanceof S3ServiceException, String(error.stack));
  assert.equal(error.name, name, `${error.name}: ${error.message}`);
  if (status !== undefined) assert.equal(error.$metadata.httpStatusCode, status);
  assert.ok(error.$metadata.requestId);
  return true;
};

/** A folder that is nobody else's. */
const folder = () => `${unique('folder')}/`;

test('an object comes back with all that was said of it', async () => {
  const Key = `${folder()}a b+c&d/é~(1)'!*.txt`;
  const put = await root.putObject({
    Bucket,
    Key,
    Body: 'hello world',
    ContentType: 'text/plain; charset=utf-8',
    ContentDisposition: 'attachment; filename="a.txt"',
    CacheControl: 'max-age=60',
    Metadata: { color: 'red', 'Two-Words': 'as they are' },
  });
  assert.equal(put.ETag, '"5eb63bbbe01eeed093cb22bb8f5acdc3"');
  const got = await root.getObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
  assert.equal(await got.Body.transformToString(), 'hello world');
  assert.equal(got.ETag, put.ETag);
  assert.equal(got.ContentLength, 11);
  assert.equal(got.ContentType, 'text/plain; charset=utf-8');
  assert.equal(got.ContentDisposition, 'attachment; filename="a.txt"');
  assert.equal(got.CacheControl, 'max-age=60');
  assert.deepEqual(got.Metadata, { color: 'red', 'two-words': 'as they are' });
  assert.ok(Math.abs(got.LastModified.getTime() - Date.now()) < 60_000);
  const head = await root.headObject({ Bucket, Key });
  assert.deepEqual([head.ContentLength, head.ETag, head.Metadata.color], [11, put.ETag, 'red']);
  await root.deleteObject({ Bucket, Key });
  await assert.rejects(root.getObject({ Bucket, Key }), refused('NoSuchKey', 404));
  await assert.rejects(root.headObject({ Bucket, Key }), (error) => error.name === 'NotFound');
  await root.deleteObject({ Bucket, Key });
});

test('parts of an object are read, and what has not changed is not sent again', async () => {
  const Key = `${folder()}digits`;
  const { ETag } = await root.putObject({ Bucket, Key, Body: '0123456789' });
  const read = async (Range) => {
    const got = await root.getObject({ Bucket, Key, Range });
    return [got.ContentRange, got.ContentLength, await got.Body.transformToString()];
  };
  assert.deepEqual(await read('bytes=2-4'), ['bytes 2-4/10', 3, '234']);
  assert.deepEqual(await read('bytes=7-'), ['bytes 7-9/10', 3, '789']);
  assert.deepEqual(await read('bytes=-2'), ['bytes 8-9/10', 2, '89']);
  assert.deepEqual(await read('bytes=8-100'), ['bytes 8-9/10', 2, '89']);
  await assert.rejects(read('bytes=10-'), refused('InvalidRange', 416));
  const status = (error) => error.$metadata.httpStatusCode;
  await assert.rejects(
    root.getObject({ Bucket, Key, IfNoneMatch: ETag }),
    (error) => status(error) === 304,
  );
  await assert.rejects(
    root.getObject({ Bucket, Key, IfMatch: '"other"' }),
    refused('PreconditionFailed', 412),
  );
  const future = new Date(Date.now() + 3_600_000);
  await assert.rejects(
    root.headObject({ Bucket, Key, IfModifiedSince: future }),
    (error) => status(error) === 304,
  );
  assert.equal((await root.getObject({ Bucket, Key, IfMatch: ETag })).ContentLength, 10);
  await assert.rejects(
    root.putObject({ Bucket, Key, Body: 'x', IfNoneMatch: '*' }),
    refused('PreconditionFailed', 412),
  );
  await root.putObject({ Bucket, Key, Body: 'x', IfMatch: ETag });
  assert.equal((await root.headObject({ Bucket, Key })).ContentLength, 1);
});

test('whatever checksum a client sends is compared', async () => {
  const Body = randomBytes(300_000);
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256']) {
    const Key = `${folder()}${ChecksumAlgorithm}`;
    await root.putObject({ Bucket, Key, Body, ChecksumAlgorithm });
    assert.ok((await bytesOf(await root.getObject({ Bucket, Key }))).equals(Body));
    // As a stream it comes in chunks, its checksum after it.
    const stream = Readable.from(Body, { objectMode: false });
    const ContentLength = Body.byteLength;
    await root.putObject({ Bucket, Key, Body: stream, ContentLength, ChecksumAlgorithm });
    const got = await root.getObject({ Bucket, Key });
    assert.equal(got.ContentEncoding, undefined);
    assert.ok((await bytesOf(got)).equals(Body));
  }
  const Key = `${folder()}wrong`;
  const wrong = { Bucket, Key, Body: 'hello', ChecksumCRC32: 'AAAAAA==' };
  await assert.rejects(root.putObject(wrong), refused('BadDigest', 400));
  await assert.rejects(root.getObject({ Bucket, Key }), refused('NoSuchKey', 404));
  for (const Body of ['', Readable.from(Buffer.alloc(0), { objectMode: false })]) {
    await root.putObject({ Bucket, Key, Body, ContentLength: 0 });
    assert.equal((await root.headObject({ Bucket, Key })).ContentLength, 0);
  }
});

test('what is kept compressed comes back as it was', async () => {
  const Key = `${folder()}page.html.gz`;
  const Body = gzipSync('<p>hello</p>'.repeat(100));
  await root.putObject({ Bucket, Key, Body, ContentEncoding: 'gzip', ContentType: 'text/html' });
  const got = await root.getObject({ Bucket, Key });
  assert.equal(got.ContentEncoding, 'gzip');
  assert.ok((await bytesOf(got)).equals(Body));
  const url = await getSignedUrl(root, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
  assert.equal(await (await fetch(url)).text(), '<p>hello</p>'.repeat(100));
});

test('objects are listed page by page, and by folders', async () => {
  const Prefix = folder();
  const names = ['a', 'b/1', 'b/2', 'c', 'd/1', 'é', 'z<&>'];
  await Promise.all(names.map((name) => root.putObject({ Bucket, Key: Prefix + name, Body: name })));
  const pages = async (settings) => {
    const found = [];
    let ContinuationToken;
    do {
      const page = await root.listObjectsV2({ Bucket, Prefix, ContinuationToken, ...settings });
      assert.equal(page.KeyCount, (page.Contents ?? []).length + (page.CommonPrefixes ?? []).length);
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
    return found.map((key) => key.slice(Prefix.length)).sort();
  };
  assert.deepEqual(await pages({}), names.toSorted());
  assert.deepEqual(await pages({ MaxKeys: 2 }), names.toSorted());
  const folded = ['a', 'b/', 'c', 'd/', 'é', 'z<&>'].toSorted();
  assert.deepEqual(await pages({ Delimiter: '/' }), folded);
  assert.deepEqual(await pages({ Delimiter: '/', MaxKeys: 1 }), folded);
  assert.deepEqual(await pages({ StartAfter: `${Prefix}c` }), ['d/1', 'z<&>', 'é']);
  assert.deepEqual(await pages({ MaxKeys: 0 }), []);
  const older = await root.listObjects({ Bucket, Prefix, Delimiter: '/', MaxKeys: 2 });
  const rest = await root.listObjects({ Bucket, Prefix, Delimiter: '/', Marker: older.NextMarker });
  const all = [older, rest].flatMap((page) => [...page.Contents, ...page.CommonPrefixes]);
  assert.equal(all.length, 6);
  const [object] = (await root.listObjectsV2({ Bucket, Prefix, MaxKeys: 1 })).Contents;
  assert.deepEqual([object.Size, object.StorageClass], [1, 'STANDARD']);
});

test('objects are copied, and many are deleted at once', async () => {
  const Prefix = folder();
  const Key = `${Prefix}a b`;
  await root.putObject({ Bucket, Key, Body: 'x', ContentType: 'text/plain', Metadata: { a: '1' } });
  const CopySource = encodeURI(`${Bucket}/${Key}`);
  const copy = await root.copyObject({ Bucket, Key: `${Prefix}b`, CopySource });
  assert.ok(copy.CopyObjectResult.ETag);
  assert.deepEqual((await root.headObject({ Bucket, Key: `${Prefix}b` })).Metadata, { a: '1' });
  const replaced = { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/html' };
  await root.copyObject({ Bucket, Key, CopySource, ...replaced });
  const head = await root.headObject({ Bucket, Key });
  assert.deepEqual([head.Metadata, head.ContentType], [{ b: '2' }, 'text/html']);
  const missing = root.copyObject({ Bucket, Key, CopySource: `${Bucket}/${Prefix}none` });
  await assert.rejects(missing, refused('NoSuchKey', 404));
  const Objects = ['a b', 'b', 'none'].map((name) => ({ Key: Prefix + name }));
  const { Deleted, Errors } = await root.deleteObjects({ Bucket, Delete: { Objects } });
  assert.equal(Deleted.length, 3);
  assert.equal(Errors, undefined);
  assert.equal((await root.listObjectsV2({ Bucket, Prefix })).KeyCount, 0);
});

test('a large object comes in parts, as a stream whose length nobody knows', async () => {
  const Key = `${folder()}large`;
  const Body = randomBytes(12 * MEGABYTE);
  const stream = Readable.from(
    (function* () {
      for (let at = 0; at < Body.byteLength; at += 100_000) yield Body.subarray(at, at + 100_000);
    })(),
    { objectMode: false },
  );
  const params = { Bucket, Key, Body: stream, Metadata: { parts: 'yes' } };
  const upload = new Upload({ client: root, params, partSize: 5 * MEGABYTE, queueSize: 2 });
  const { ETag } = await upload.done();
  assert.match(ETag, /-3"$/);
  const got = await root.getObject({ Bucket, Key });
  assert.equal(got.Metadata.parts, 'yes');
  assert.equal(sha256(await bytesOf(got)), sha256(Body));
  const middle = await root.getObject({ Bucket, Key, Range: 'bytes=5242870-5242890' });
  assert.ok((await bytesOf(middle)).equals(Body.subarray(5242870, 5242891)));
  const { UploadId } = await root.createMultipartUpload({ Bucket, Key });
  const part = { Bucket, Key, UploadId, PartNumber: 1 };
  await root.uploadPart({ ...part, Body: 'x' });
  await root.abortMultipartUpload({ Bucket, Key, UploadId });
  await assert.rejects(root.uploadPart({ ...part, Body: 'x' }), refused('NoSuchUpload', 404));
});

test('a URL is good for what it was signed for, and no longer', async () => {
  const Key = `${folder()}presigned é`;
  const sign = (command, expiresIn = 60) => getSignedUrl(root, command, { expiresIn });
  const put = await sign(new PutObjectCommand({ Bucket, Key, ContentType: 'text/plain' }));
  const answered = await fetch(put, { method: 'PUT', body: 'hello', headers: { 'content-type': 'text/plain' } });
  assert.equal(answered.status, 200, await answered.text());
  const ResponseContentDisposition = 'attachment; filename="b.txt"';
  const get = await sign(new GetObjectCommand({ Bucket, Key, ResponseContentDisposition }));
  const got = await fetch(get, { headers: { origin: 'https://app.example.com' } });
  assert.equal(await got.text(), 'hello');
  assert.equal(got.headers.get('content-disposition'), ResponseContentDisposition);
  assert.equal(got.headers.get('access-control-allow-origin'), '*');
  assert.equal(got.headers.get('content-security-policy'), 'sandbox');
  const codeOf = async (url, init) => /<Code>(.*)<\/Code>/.exec(await (await fetch(url, init)).text())?.[1];
  assert.equal(await codeOf(get, { method: 'PUT', body: 'x' }), 'SignatureDoesNotMatch');
  assert.equal(await codeOf(get.replace('presigned', 'Presigned')), 'SignatureDoesNotMatch');
  assert.equal(await codeOf(get.replace('b.txt', 'c.txt')), 'SignatureDoesNotMatch');
  const short = await sign(new GetObjectCommand({ Bucket, Key }), 1);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assert.equal(await codeOf(short), 'AccessDenied');
});

test('a page may send what it wants to', async () => {
  const asked = 'authorization,x-amz-content-sha256,x-amz-meta-color';
  const response = await fetch(`${ENDPOINT}/${Bucket}/a`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example.com',
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': asked,
    },
  });
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.equal(response.headers.get('access-control-allow-headers'), asked);
  assert.match(response.headers.get('access-control-allow-methods'), /DELETE/);
});

test('buckets are what the service is configured with', async () => {
  const { Buckets } = await root.listBuckets({});
  assert.ok(Buckets.some(({ Name }) => Name === Bucket));
  await root.headBucket({ Bucket });
  assert.equal((await root.getBucketLocation({ Bucket })).LocationConstraint, 'auto');
  const elsewhere = { Bucket: 'nowhere', Key: 'a' };
  await assert.rejects(root.getObject(elsewhere), refused('NoSuchBucket', 404));
  await assert.rejects(root.createBucket({ Bucket: 'new-one' }), refused('NotImplemented', 501));
  await assert.rejects(root.getObjectAcl({ Bucket, Key: 'a' }), refused('NotImplemented', 501));
});

test('readers read what editors write, and each has a place of its own', async () => {
  const Prefix = folder();
  const shared = `arn:aws:s3:::${Bucket}/${Prefix}*`;
  const own = `arn:aws:s3:::${Bucket}/private/\${cognito-identity.amazonaws.com:sub}/*`;
  const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: shared };
  const write = { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject'], Resource: shared };
  const ownAll = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: own };
  const list = {
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: `arn:aws:s3:::${Bucket}`,
    Condition: { StringLike: { 's3:prefix': 'private/${cognito-identity.amazonaws.com:sub}/*' } },
  };
  const shop = await createShop();
  const editors = await createTeam(shop, 'editors', [read, write, ownAll]);
  const readers = await createTeam(shop, 'readers', [read, ownAll, list]);
  const teams = [editors, readers, readers];
  const [editor, reader, other] = await Promise.all(teams.map((team) => createHolder(shop, team)));
  const [editing, reading] = [client(editor.credentials), client(reader.credentials)];

  const Key = `${Prefix}order`;
  const order = { Bucket, Key };
  await assert.rejects(reading.putObject({ ...order, Body: '1' }), refused('AccessDenied', 403));
  await editing.putObject({ ...order, Body: '1' });
  assert.equal(await (await reading.getObject(order)).Body.transformToString(), '1');
  await assert.rejects(reading.deleteObject(order), refused('AccessDenied', 403));
  const many = await reading.deleteObjects({ Bucket, Delete: { Objects: [{ Key }] } });
  assert.equal(many.Errors[0].Code, 'AccessDenied');
  await assert.rejects(
    reading.copyObject({ Bucket, Key: `${Prefix}b`, CopySource: `${Bucket}/${Key}` }),
    refused('AccessDenied', 403),
  );
  const upload = new Upload({ client: reading, params: { ...order, Body: randomBytes(6 * MEGABYTE) } });
  await assert.rejects(upload.done(), refused('AccessDenied', 403));

  const mine = `private/${reader.identityId}/note`;
  await reading.putObject({ Bucket, Key: mine, Body: 'mine' });
  const listed = await reading.listObjectsV2({ Bucket, Prefix: `private/${reader.identityId}/` });
  assert.deepEqual(listed.Contents.map(({ Key }) => Key), [mine]);
  for (const Prefix of [undefined, '', 'private/', `private/${other.identityId}/`]) {
    await assert.rejects(reading.listObjectsV2({ Bucket, Prefix }), refused('AccessDenied', 403));
  }
  for (const one of [client(other.credentials), editing]) {
    await assert.rejects(one.getObject({ Bucket, Key: mine }), refused('AccessDenied', 403));
  }
  const tricks = [`private/${other.identityId}/../${reader.identityId}/note`, `/${mine}`, mine.toUpperCase()];
  for (const Key of tricks) {
    await assert.rejects(client(other.credentials).getObject({ Bucket, Key }), (error) =>
      ['AccessDenied', 'InvalidURI', 'SignatureDoesNotMatch'].includes(error.name),
    );
  }
  // The tokens are of two sessions: neither opens what the other signed.
  const swapped = { ...reader.credentials, sessionToken: other.credentials.sessionToken };
  await assert.rejects(client(swapped).getObject(order), refused('InvalidAccessKeyId', 403));
  const url = await getSignedUrl(reading, new GetObjectCommand(order), { expiresIn: 60 });
  assert.equal(await (await fetch(url)).text(), '1');
  await permit(readers.roleName, [ownAll]);
  // For so long, what the account said of the role is good.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assert.equal((await fetch(url)).status, 403);
});

test('a body that stops in the middle leaves nothing behind', async () => {
  const Key = `${folder()}half`;
  const url = new URL(await getSignedUrl(root, new PutObjectCommand({ Bucket, Key }), { expiresIn: 60 }));
  await new Promise((resolve) => {
    const half = send(url, { method: 'PUT', headers: { 'content-length': 1_000_000 } });
    half.on('error', resolve);
    half.write(Buffer.alloc(500_000), () => setTimeout(() => half.destroy(), 200));
    half.on('close', resolve);
  });
  await assert.rejects(root.headObject({ Bucket, Key }), (error) => error.name === 'NotFound');
});
