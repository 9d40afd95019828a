// Cognito's SRP on the client's side, for clients that leave it to their users.

import { createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';

const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const G = 2n;
const K = number(sha256(padded(N), padded(G)));

/** One attempt to prove knowledge of a password. `raise` is for those who know a faster `power`. */
export class Attempt {
  constructor(a = number(randomBytes(32)), raise = power) {
    this.a = a;
    this.A = raise(G, a);
    this.raise = raise;
  }

  /** `SRP_A`. */
  get opening() {
    return this.A.toString(16);
  }

  /** `ChallengeResponses` to `PASSWORD_VERIFIER`. */
  responses({ poolId, parameters, password, timestamp = now() }) {
    const { USERNAME, USER_ID_FOR_SRP, SALT, SRP_B, SECRET_BLOCK } = parameters;
    const identity = poolId.split('_')[1] + USER_ID_FOR_SRP;
    const B = BigInt(`0x${SRP_B}`);
    const u = number(sha256(padded(this.A), padded(B)));
    const inner = sha256(Buffer.from(`${identity}:${password}`));
    const x = number(sha256(padded(BigInt(`0x${SALT}`)), inner));
    const S = this.raise(remainder(B - K * this.raise(G, x)), this.a + u * x);
    const derived = hmac(padded(u), padded(S));
    const key = hmac(derived, Buffer.from('Caldera Derived Key\x01')).subarray(0, 16);
    const text = [Buffer.from(identity), Buffer.from(SECRET_BLOCK, 'base64'), Buffer.from(timestamp)];
    return {
      USERNAME,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: hmac(key, ...text).toString('base64'),
      TIMESTAMP: timestamp,
    };
  }
}

/** `TIMESTAMP` as SDKs write it: `Tue Nov 3 08:05:09 UTC 2026`. */
export function now(date = new Date()) {
  const [, day, month, year, time] = date
    .toUTCString()
    .match(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/);
  return `${date.toUTCString().slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function hmac(key, ...parts) {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Big-endian, as short as can be, and never with its first bit set. */
function padded(value) {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (/^[89a-f]/.test(hex)) hex = `00${hex}`;
  return Buffer.from(hex, 'hex');
}

function number(bytes) {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function remainder(value) {
  return ((value % N) + N) % N;
}

function power(base, exponent) {
  let result = 1n;
  let square = remainder(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}
