import type { Arithmetic, Fields } from './srp.js';

/** The 3072-bit group of RFC 3526 §4. */
const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74' +
    '020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437' +
    '4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED' +
    'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05' +
    '98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB' +
    '9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B' +
    'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718' +
    '3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33' +
    'A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7' +
    'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864' +
    'D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2' +
    '08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
);
const K = BigInt('0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6');
const NUMBER_DIGITS_MAX = 768;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The arithmetic in plain JavaScript, for where wasm cannot be used. The time that it takes depends
 * on the numbers, which the wasm's does not: on a user's own machine that tells nobody much.
 */
export const BIG_INTEGERS: Arithmetic = {
  begin: (secretA) => padded(power(2n, number(secretA))),
  claim,
};

async function claim(fields: Fields): Promise<Uint8Array> {
  const [salt, B] = [hex(fields.salt), hex(fields.publicB)];
  if (salt === undefined || B === undefined || B === 0n || B >= N) return new Uint8Array();
  const a = number(fields.secretA);
  const identity = fields.poolName + fields.userId;
  const u = number(await sha256(padded(number(fields.publicA)), padded(B)));
  if (u === 0n) return new Uint8Array();
  const inner = await sha256(utf8(`${identity}:${fields.password}`));
  const x = number(await sha256(padded(salt), inner));
  const base = (((B - K * power(2n, x)) % N) + N) % N;
  const S = power(base, a + u * x);
  const derived = await hmac(padded(u), padded(S));
  const key = await hmac(derived, utf8('Caldera Derived Key\x01'));
  const { secretBlock, timestamp } = fields;
  return hmac(key.slice(0, 16), joined(utf8(identity), secretBlock, utf8(timestamp)));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function hex(digits: string): bigint | undefined {
  const isNumber = /^[0-9a-f]+$/i.test(digits) && digits.length <= NUMBER_DIGITS_MAX;
  return isNumber ? BigInt(`0x${digits}`) : undefined;
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** As Java writes a `BigInteger`: big-endian, as short as can be, its first bit for the sign. */
function padded(value: bigint): Bytes {
  let digits = value.toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  if (/^[89a-f]/.test(digits)) digits = `00${digits}`;
  const bytes = digits.match(/../g)!.map((pair) => Number.parseInt(pair, 16));
  return Uint8Array.from(bytes);
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function joined(...parts: Uint8Array[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));
}

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data));
}
