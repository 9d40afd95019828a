// How long does the client's arithmetic of an SRP sign-in take: ours, and that of Amazon's clients?

import { getAuthenticationHelper } from '../../tests/node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp/getAuthenticationHelper.mjs';
import AmplifyInteger from '../../tests/node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp/BigInteger/BigInteger.mjs';
import IdentityHelper from '../../tests/node_modules/amazon-cognito-identity-js/es/AuthenticationHelper.js';
import IdentityInteger from '../../tests/node_modules/amazon-cognito-identity-js/es/BigInteger.js';
import { BIG_INTEGERS } from '../dist/client/bigint.js';
import { IN_WASM } from '../dist/client/srp.js';
import * as glue from '../dist/client/wasm/glue.js';

const POOL = 'AbCdEfGhI';
const USER = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const PASSWORD = 'Passw0rd!';
const SALT = '8f1d3c5b7a9e0f1122334455667788aa';

/** Any number of the group does for `B`. */
const B = 'c0ffee'.repeat(120);

const promised = (start) =>
  new Promise((resolve, reject) =>
    start((error, value) => (error ? reject(error) : resolve(value))),
  );

async function ours(arithmetic) {
  const secretA = crypto.getRandomValues(new Uint8Array(32));
  const publicA = arithmetic.begin(secretA);
  await arithmetic.claim({
    secretA,
    publicA,
    salt: SALT,
    publicB: B,
    poolName: POOL,
    userId: USER,
    password: PASSWORD,
    secretBlock: new Uint8Array(1000),
    timestamp: 'Tue Nov 3 08:05:09 UTC 2026',
  });
}

const WAYS = {
  cognate: () => ours(IN_WASM),
  'cognate without wasm': () => ours(BIG_INTEGERS),
  'aws-amplify': async () => {
    const helper = await getAuthenticationHelper(POOL);
    await helper.getPasswordAuthenticationKey({
      username: USER,
      password: PASSWORD,
      serverBValue: new AmplifyInteger(B, 16),
      salt: new AmplifyInteger(SALT, 16),
    });
  },
  'amazon-cognito-identity-js': async () => {
    const helper = new IdentityHelper(POOL);
    await promised((done) => helper.getLargeAValue(done));
    const [b, salt] = [new IdentityInteger(B, 16), new IdentityInteger(SALT, 16)];
    await promised((done) => helper.getPasswordAuthenticationKey(USER, PASSWORD, b, salt, done));
  },
};

/** Milliseconds of a whole sign-in: the first, and the median of the rest, in turns. */
export async function measure(wasm, rounds) {
  const compiled = await WebAssembly.compile(wasm);
  glue.initSync({ module: compiled });
  const times = Object.fromEntries(Object.keys(WAYS).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(WAYS)) {
      const started = performance.now();
      await way();
      times[name].push(performance.now() - started);
    }
  }
  return Object.entries(times).map(([name, [first, ...rest]]) => {
    const sorted = rest.sort((left, right) => left - right);
    return { name, first, median: sorted[Math.floor(sorted.length / 2)] };
  });
}
