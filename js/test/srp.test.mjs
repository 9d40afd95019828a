import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { BIG_INTEGERS } from '../dist/client/bigint.js';
import { IN_WASM } from '../dist/client/srp.js';
import * as glue from '../dist/client/wasm/glue.js';

const file = (path) => readFile(new URL(path, import.meta.url));
const { vectors } = JSON.parse(await file('../../tests/vectors/srp.json'));
glue.initSync({ module: await WebAssembly.compile(await file('../dist/client/wasm/srp.wasm')) });

const bytes = (digits) => Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');

function fields(vector, settings = {}) {
  const secretA = bytes(vector.a);
  return {
    secretA,
    publicA: bytes(vector.A),
    salt: vector.salt,
    publicB: vector.B,
    poolName: vector.pool_name,
    userId: vector.user_id,
    password: vector.password,
    secretBlock: Buffer.from(vector.secret_block_base64, 'base64'),
    timestamp: vector.timestamp,
    ...settings,
  };
}

for (const [name, arithmetic] of Object.entries({ IN_WASM, BIG_INTEGERS })) {
  test(`${name} computes what the vectors say`, async () => {
    for (const vector of vectors) {
      const publicA = Buffer.from(arithmetic.begin(bytes(vector.a))).toString('hex');
      assert.equal(publicA.replace(/^0+/, ''), vector.A.replace(/^0+/, ''));
      const claim = await arithmetic.claim(fields(vector));
      assert.equal(Buffer.from(claim).toString('base64'), vector.signature_base64);
    }
  });

  test(`${name} makes nothing of what is not SRP`, async () => {
    for (const spoiled of [{ publicB: '0' }, { publicB: 'f'.repeat(768) }, { salt: 'x' }]) {
      const claim = await arithmetic.claim(fields(vectors[0], spoiled));
      assert.equal(claim.length, 0, JSON.stringify(spoiled));
    }
  });
}
