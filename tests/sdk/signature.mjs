// Requests of S3's signed by hand (SigV4), for what no client sends: bodies in signed chunks, and what
// an attacker makes of them.

import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';

export const hash = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

export const UNSIGNED = 'UNSIGNED-PAYLOAD';
export const CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
export const TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/**
 * The headers of a request, and what the signatures of chunks go on from. `path` is signed as it
 * stands; `payload` is what the signature says of the body.
 */
export function signed(key, endpoint, { method, path, headers = {}, payload, at = Date.now(), ...scope }) {
  const { region = 'us-east-1', service = 's3' } = scope;
  const date = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  const all = {
    ...headers,
    host: new URL(endpoint).host,
    'x-amz-content-sha256': payload,
    'x-amz-date': date,
    ...(key.sessionToken && { 'x-amz-security-token': key.sessionToken }),
  };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => `${name}:${all[name]}\n`).join('');
  const canonical = [method, path, '', lines, names.join(';'), payload].join('\n');
  const parts = [date.slice(0, 8), region, service, 'aws4_request'];
  const signing = parts.reduce(hmac, `AWS4${key.secretAccessKey}`);
  const text = ['AWS4-HMAC-SHA256', date, parts.join('/'), hash(canonical)].join('\n');
  const signature = hmac(signing, text).toString('hex');
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${parts.join('/')}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${signature}`,
  ].join(', ');
  const chain = { signing, scope: parts.join('/'), date, signature };
  return { headers: { ...all, authorization }, chain };
}

/** A body in signed chunks. */
export function chunked(chunks, { signing, scope, date, signature }) {
  let before = signature;
  return [...chunks, Buffer.alloc(0)].flatMap((chunk) => {
    const text = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, before, hash(''), hash(chunk)].join('\n');
    before = hmac(signing, text).toString('hex');
    return [`${chunk.length.toString(16)};chunk-signature=${before}\r\n`, chunk, '\r\n'];
  });
}

/** Sends a request whose path nobody tidies up; gives its status and the code of the error. */
export function sendRaw(endpoint, { method, path, headers, body = [] }) {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode, code: /<Code>(.*)<\/Code>/.exec(text)?.[1], text });
    });
    sent.on('error', reject);
    for (const part of body) sent.write(part);
    sent.end();
  });
}
