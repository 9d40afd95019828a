// What does a token say? Read strictly: whatever another reader could read differently is refused.

import { CognateError } from '../errors.js';
import { node } from './node.js';

/** A token taken apart; nothing of it is proven yet. */
export interface Parsed {
  kid: string;
  alg: Algorithm;
  claims: Record<string, unknown>;
  /** What was signed. */
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

/** The algorithms that are taken: never one whose secret is public or that signs nothing. */
export type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'EdDSA';

const ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'RS512', 'ES256', 'EdDSA'];

/** More than fits into the headers that servers take; no token of use is as long. */
const TOKEN_LENGTH_MAX = 16_384;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Takes a token apart, or throws `tokenMalformed`. */
export function parse(token: string): Parsed {
  if (typeof token !== 'string') throw malformed('A token is a text.');
  if (token.length > TOKEN_LENGTH_MAX) throw malformed('The token is too long.');
  const headEnd = token.indexOf('.');
  const claimsEnd = token.indexOf('.', headEnd + 1);
  if (headEnd < 1 || claimsEnd < 0 || token.indexOf('.', claimsEnd + 1) >= 0) {
    throw malformed('A token has three parts.');
  }
  const { alg, kid } = header(token.slice(0, headEnd));
  const signature = decode(token.slice(claimsEnd + 1));
  if (!signature?.length) throw malformed('The signature of the token is not base64url.');
  const claims = object(token.slice(headEnd + 1, claimsEnd), 'claims');
  const signed = encoder.encode(token.slice(0, claimsEnd));
  return { kid, alg, claims, signed, signature };
}

type Header = Pick<Parsed, 'alg' | 'kid'>;

/** The header that was taken last: most tokens have the same. */
let known: { text: string; header: Header } | undefined;

function header(text: string): Header {
  if (known?.text === text) return known.header;
  const fields = object(text, 'header');
  const { alg, kid } = fields;
  if (typeof alg !== 'string' || typeof kid !== 'string') {
    throw malformed('The header of the token names no algorithm or no key.');
  }
  // Whoever does not know a critical extension must refuse (RFC 7515 §4.1.11); here none is known.
  if ('crit' in fields) throw malformed('The header of the token has critical extensions.');
  if (!ALGORITHMS.includes(alg)) {
    throw new CognateError('tokenSignatureInvalid', 'The algorithm of the token is not taken.', {
      claim: 'alg',
      actual: alg,
      expected: ALGORITHMS,
    });
  }
  known = { text, header: { alg: alg as Algorithm, kid } };
  return known.header;
}

function malformed(message: string): CognateError {
  return new CognateError('tokenMalformed', message);
}

function object(part: string, what: string): Record<string, unknown> {
  const bytes = decode(part);
  let value: unknown;
  try {
    value = bytes && JSON.parse(decoder.decode(bytes));
  } catch {
    // What could not be read may be in the error, and is nobody's business.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`The ${what} of the token can't be read.`);
  }
  return value as Record<string, unknown>;
}

const NO_DIGIT = 64;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (let value = 0; value < 64; value++) {
  const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.charCodeAt(value);
  DIGITS[digit] = value;
}

/**
 * The bytes that a text in base64url without padding stands for; each sequence of bytes has one
 * such text, and no other is taken (RFC 4648 §3.5).
 */
export function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (node) {
    const bytes = node.Buffer.from(text, 'base64url');
    // Node passes over what it does not know.
    return bytes.toString('base64url') === text ? bytes : undefined;
  }
  const { length } = text;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array((length * 3) >> 2);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const value = DIGITS[text.charCodeAt(i)] ?? NO_DIGIT;
    if (value === NO_DIGIT) return undefined;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = bits >> count;
      bits &= (1 << count) - 1;
    }
  }
  return bits === 0 ? bytes : undefined;
}
