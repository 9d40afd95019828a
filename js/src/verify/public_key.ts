// Who does the arithmetic? The platform: in Node by `node:crypto`, which answers at once; elsewhere
// by WebCrypto, for which Node has to change threads, which costs more than the arithmetic of RSA.

import { CognateError } from '../errors.js';
import { type Node, node } from './node.js';
import type { Algorithm } from './token.js';

/** A public key as it is published (RFC 7517). */
export interface JsonWebKeyEntry {
  /** Of what kind the key is: `RSA`, `EC` or `OKP`. */
  kty?: string;
  /** The key's name, which tokens give. */
  kid?: string;
  /** The only algorithm that it is for. */
  alg?: string;
  /** `sig`; keys for something else are passed over. */
  use?: string;
  /** The curve. */
  crv?: string;
  /** The modulus of RSA. */
  n?: string;
  /** The exponent of RSA. */
  e?: string;
  /** A coordinate of the point on the curve. */
  x?: string;
  /** The other coordinate. */
  y?: string;
  [member: string]: unknown;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Whether that key made that signature of those bytes. */
export type PublicKey = (signature: Bytes, signed: Bytes) => boolean | Promise<boolean>;

/** What NIST SP 800-131A asks for. */
const MODULUS_BITS_MIN = 2048;

const RSA = { kty: 'RSA', name: 'RSASSA-PKCS1-v1_5' } as const;
const KINDS = {
  RS256: { ...RSA, hash: 'SHA-256' },
  RS384: { ...RSA, hash: 'SHA-384' },
  RS512: { ...RSA, hash: 'SHA-512' },
  ES256: { kty: 'EC', crv: 'P-256', name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', name: 'Ed25519' },
} as const;

type Kind = { kty: string; name: string; crv?: string; hash?: string };

/** Reads a published key, which must be one for that algorithm. */
export async function read(entry: JsonWebKeyEntry, alg: Algorithm): Promise<PublicKey> {
  const kind: Kind = KINDS[alg];
  const { kty, crv } = kind;
  if (entry.kty !== kty || entry.crv !== crv || (entry.alg ?? alg) !== alg) {
    throw new CognateError('tokenSignatureInvalid', 'The key is not for that algorithm.', {
      claim: 'alg',
      actual: alg,
      expected: entry.alg ?? entry.kty,
    });
  }
  const { n, e, x, y } = entry;
  const jwk = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
  try {
    return node ? ofNode(node, jwk, kind) : await ofTheWeb(jwk, kind);
  } catch (cause) {
    throw unusable(cause);
  }
}

function unusable(cause: unknown): unknown {
  if (cause instanceof CognateError) return cause;
  const isUnknown = (cause as Error).name === 'NotSupportedError';
  const code = isUnknown ? 'notSupported' : 'badResponse';
  return new CognateError(code, "The key can't be used on this platform.", { cause });
}

function ofNode({ crypto }: Node, jwk: JsonWebKey, { hash, kty }: Kind): PublicKey {
  const key = crypto.createPublicKey({ key: jwk as { kty: string }, format: 'jwk' });
  measure(key.asymmetricKeyDetails?.modulusLength);
  const digest = hash?.replace('-', '');
  const how = { key, dsaEncoding: 'ieee-p1363' } as const;
  const atOnce: PublicKey = (signature, signed) => crypto.verify(digest, signed, how, signature);
  if (kty === 'RSA') return atOnce;
  const onThread: PublicKey = (signature, signed) =>
    new Promise((resolve, reject) => {
      const answer = (error: Error | null, is: boolean): void => (error ? reject(error) : resolve(is));
      crypto.verify(digest, signed, how, signature, answer);
    });
  return sharing(atOnce, onThread);
}

/** Curves are dear enough for threads to pay, but only if several tokens wait at the same time. */
function sharing(alone: PublicKey, together: PublicKey): PublicKey {
  let waiting = 0;
  return async (signature, signed) => {
    waiting += 1;
    try {
      // Whoever else was called in the same breath has been counted then.
      await undefined;
      return await (waiting === 1 ? alone : together)(signature, signed);
    } finally {
      waiting -= 1;
    }
  };
}

async function ofTheWeb(jwk: JsonWebKey, kind: Kind): Promise<PublicKey> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('jwk', jwk, kind, false, ['verify']);
  measure((key.algorithm as Partial<RsaKeyAlgorithm>).modulusLength);
  return async (signature, signed) => {
    try {
      return await subtle.verify(kind, key, signature, signed);
    } catch (cause) {
      // Some see only now that a key is broken.
      throw unusable(cause);
    }
  };
}

function measure(modulusBits = MODULUS_BITS_MIN): void {
  if (modulusBits < MODULUS_BITS_MIN) {
    throw new CognateError('badResponse', 'The key of the issuer is too short.');
  }
}
