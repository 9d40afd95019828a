// How fast do objects come and go, beside the same bucket reached by a bare Worker?
//
//   cargo xtask load --objects              all of it, about two minutes
//   cargo xtask load --objects --quick      short rounds, to see whether it runs
//
// Two servers run on bare workerd, each beside a process of its own that plays R2 (that of `wrangler
// dev`, on disk): Cognate, to which requests are signed (SigV4, by a role whose policy is asked each
// time, and by root), and a Worker that hands bodies to the bucket and back and does nothing else
// (`objects.js`). The same
// bytes, 16 requests at a time, in short rounds that alternate; medians of the rounds.
//
//   rate       requests a second
//   CPU        the server's CPU time for each, without what the bucket does
//   of rate    Cognate's rate beside the bare Worker's
//
// PUT is measured as clients send it: with the hash of the body in the signature (which the bucket
// compares), unsigned with a CRC-32 after the body in chunks, and in signed chunks (which the kernel
// compares).

import { randomBytes } from 'node:crypto';
import { request, Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';

import { CHUNKS, chunked, hash, signed, TRAILER } from '../sdk/signature.mjs';
import { drive, median } from './client.mjs';
import { bucket, cognate } from './server.mjs';

const CONCURRENCY = 16;
const SIZES = { '1 KB': 1 << 10, '10 MB': 10 << 20 };
const BUCKET = 'files';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const [ROUNDS, SECONDS] = options.quick ? [1, 1] : [5, 3];

const ROOT = {
  accessKeyId: 'AKIACOGNATEDEVELOP01',
  secretAccessKey: 'cognate/development/secret/access/key000',
};

const CHUNK = 64 << 10;

function chunksOf(body) {
  const chunks = [];
  for (let at = 0; at < body.byteLength; at += CHUNK) chunks.push(body.subarray(at, at + CHUNK));
  return chunks;
}

/** The ways in which a body is sent: headers to be signed, and what is sent after that. */
const WAYS = {
  'hash in the signature': {
    head: (body) => ({ payload: hash(body), headers: { 'content-length': body.byteLength } }),
    frame: (body) => [body],
  },
  'CRC-32 after the body': {
    head: (body) => ({
      payload: TRAILER,
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': body.byteLength,
        'x-amz-trailer': 'x-amz-checksum-crc32',
      },
    }),
    frame: (body) => {
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(body));
      const framed = chunksOf(body).flatMap((chunk) => [`${chunk.byteLength.toString(16)}\r\n`, chunk, '\r\n']);
      return [...framed, `0\r\nx-amz-checksum-crc32:${checksum.toString('base64')}\r\n\r\n`];
    },
  },
  'signed chunks': {
    head: (body) => ({
      payload: CHUNKS,
      headers: { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': body.byteLength },
    }),
    frame: (body, chain) => chunked(chunksOf(body), chain),
  },
};

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

function send(endpoint, method, path, headers, body = []) {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, agent, method, path, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.byteLength));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${method} ${path} was answered with ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    for (const part of body) sent.write(part);
    sent.end();
  });
}

/** Credentials of a role that may do what is measured, taken at STS. */
async function roleAt(endpoint) {
  const call = async (service, Version, members) => {
    const body = new URLSearchParams({ Version, ...members }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const head = { method: 'POST', path: '/', headers: type, payload: hash(body), service };
    const { headers } = signed(ROOT, endpoint, head);
    const response = await fetch(endpoint, { method: 'POST', headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)[1];
  };
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:root' } };
  const policy = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `arn:aws:s3:::${BUCKET}/load/*` };
  const document = (Statement) => JSON.stringify({ Version: '2012-10-17', Statement });
  const role = { RoleName: 'load' };
  const iam = (members) => call('iam', '2010-05-08', { ...role, ...members });
  const made = await iam({ Action: 'CreateRole', AssumeRolePolicyDocument: document(trust) });
  await iam({ Action: 'PutRolePolicy', PolicyName: 'load', PolicyDocument: document(policy) });
  const take = { Action: 'AssumeRole', RoleArn: made('Arn'), RoleSessionName: 'load' };
  const given = await call('sts', '2011-06-15', take);
  return {
    accessKeyId: given('AccessKeyId'),
    secretAccessKey: given('SecretAccessKey'),
    sessionToken: given('SessionToken'),
  };
}

const servers = [];
try {
  const ours = await cognate();
  servers.push(ours);
  const bare = await bucket();
  servers.push(bare);
  const role = await roleAt(ours.endpoint);
  const rows = [];
  for (const [size, bytes] of Object.entries(SIZES)) {
    const body = randomBytes(bytes);
    const path = `/${BUCKET}/load/${bytes}`;
    const put = (key, { head, frame }) => () => {
      const { headers, chain } = signed(key, ours.endpoint, { method: 'PUT', path, ...head(body) });
      return send(ours.endpoint, 'PUT', path, headers, frame(body, chain));
    };
    const get = (key) => async () => {
      const head = { method: 'GET', path, headers: {}, payload: hash('') };
      const { headers } = signed(key, ours.endpoint, head);
      const came = await send(ours.endpoint, 'GET', path, headers);
      if (came !== bytes) throw new Error(`${came} bytes came`);
    };
    const barePut = () => send(bare.endpoint, 'PUT', path, { 'content-length': bytes }, [body]);
    const bareGet = () => send(bare.endpoint, 'GET', path, {});
    await barePut();
    for (const [way, how] of Object.entries(WAYS)) {
      rows.push(await compare(`PUT ${size}, ${way}, a role`, [ours, put(role, how)], [bare, barePut]));
    }
    const byHash = put(ROOT, WAYS['hash in the signature']);
    rows.push(await compare(`PUT ${size}, hash in the signature, root`, [ours, byHash], [bare, barePut]));
    rows.push(await compare(`GET ${size}, a role`, [ours, get(role)], [bare, bareGet]));
    rows.push(await compare(`GET ${size}, root`, [ours, get(ROOT)], [bare, bareGet]));
  }
  console.log(`${'16 at a time'.padEnd(44)}${'rate'.padStart(9)}${'bare'.padStart(9)}${'of rate'.padStart(9)}${'CPU ms'.padStart(9)}${'bare'.padStart(9)}`);
  for (const { name, ours, bare } of rows) {
    const numbers = [ours.rate, bare.rate].map((rate) => rate.toFixed(1).padStart(9));
    const share = `${Math.round((100 * ours.rate) / bare.rate)} %`.padStart(9);
    const cpu = [ours.cpuMs, bare.cpuMs].map((ms) => ms.toFixed(2).padStart(9));
    console.log(name.padEnd(44) + numbers.join('') + share + cpu.join(''));
  }
} finally {
  agent.destroy();
  for (const server of servers) await server.stop();
}

/** Rounds of both in turn; the first of each warms up. */
async function compare(name, ours, bare) {
  const rounds = { ours: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [side, [server, work]] of Object.entries({ ours, bare })) {
      const measured = await drive(work, { concurrency: CONCURRENCY, seconds: SECONDS, server });
      if (round > 0) rounds[side].push(measured);
    }
  }
  const middle = (side) => ({
    rate: median(rounds[side].map(({ rate }) => rate)),
    cpuMs: median(rounds[side].map(({ cpuMs }) => cpuMs)),
  });
  return { name, ours: middle('ours'), bare: middle('bare') };
}
