// What do the parts of Cognate's operations cost without Cognate?
//
// A Worker and a Durable Object in plain JavaScript. The path names what the object does before it
// answers, in this order, joined by `+`: `/write+password+sign+sign`. `/password?times=200` does it
// that many times, so that what a request costs by itself can be taken away.

import { DurableObject } from 'cloudflare:workers';
import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';

import { Parts } from './build/index.js';

/** About what a user's record takes. */
const RECORD_BYTES = 600;

/** About what is signed of an ID token. */
const TOKEN_BYTES = 700;

const parts = new Parts();
const record = new Uint8Array(RECORD_BYTES).fill(0x20);
const small = new Uint8Array(24).fill(0x20);
const token = Buffer.alloc(TOKEN_BYTES, 0x41);
let key;
let signature;

const answer = { headers: { 'content-type': 'application/x-amz-json-1.1' } };
const body = JSON.stringify({ filler: 'x'.repeat(200) });

export class Bare extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec('CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID');
    for (let n = 0; n < 256; n += 1) this.put(`user/${n}`);
    this.count = 0;
  }

  put(name) {
    this.sql.exec('INSERT OR REPLACE INTO record (key, value) VALUES (?, ?)', name, record);
  }

  /** One record, another each time. */
  read() {
    this.count += 1;
    const name = `user/${this.count % 256}`;
    return [...this.sql.exec('SELECT value FROM record WHERE key = ?', name).raw()].length;
  }

  /** A new record. */
  write() {
    this.put(`user/${randomUUID()}`);
  }

  /** A new user: one statement for the record and the four that lead to it or count it. */
  insert() {
    const [id, sub] = [randomUUID(), randomUUID()];
    this.sql.exec(
      'INSERT OR REPLACE INTO record (key, value) VALUES (?, ?), (?, ?), (?, ?), (?, ?), (?, ?)',
      ...[`alias/sub/${sub}`, small, 'count', small, `index/email/somebody/${id}`, small],
      ...[`index/status/unconfirmed/${id}`, small, `user/${id}`, record],
    );
  }

  /** RS256 over a token. */
  sign() {
    key ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return sign('sha256', token, key.privateKey);
  }

  /** A token that was signed so. */
  verify() {
    signature ??= this.sign();
    verify('sha256', token, key.publicKey, signature);
  }

  /** `g^x`. */
  password() {
    parts.password();
  }

  /** The server's first step of SRP. */
  begin() {
    parts.begin();
  }

  /** The server's second step of SRP. */
  finish() {
    parts.finish();
  }

  nothing() {}

  async fetch(request) {
    // workerd closes a connection whose body nobody read.
    await request.arrayBuffer();
    const { pathname, searchParams } = new URL(request.url);
    const work = pathname.slice(1).split('+');
    const times = Number(searchParams.get('times') ?? 1);
    for (let n = 0; n < times; n += 1) for (const part of work) this[part]();
    return new Response(body, answer);
  }
}

export default {
  fetch(request, env) {
    return env.BARE.get(env.BARE.idFromName('bare')).fetch(request);
  },
};
