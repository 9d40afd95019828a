// Who does the arithmetic? The platform: in Node by `node:crypto`, which answers at once; elsewhere
// by WebCrypto, for which Node has to change threads, which costs more than the arithmetic.

import { CognateError } from '../errors.js';
import type { Algorithm } from './token.js';

/** A public key as it is published (RFC 7517). */
export interface JsonWebKeyEntry {
  kty?: string;
  kid?: string;
  alg?: string;
  use?: string;
  crv?: string;
  n?: string;
  e?: string;
  x?: string;
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
    if (cause instanceof CognateError) throw cause;
    const isUnknown = (cause as Error).name === 'NotSupportedError';
    const code = isUnknown ? 'notSupported' : 'badResponse';
    throw new CognateError(code, "The key can't be used on this platform.", { cause });
  }
}

type NodeCrypto = typeof import('node:crypto');

const node = nodeCrypto();

/** Only Node's own: others lend the name to something that is slower, or takes less. */
function nodeCrypto(): NodeCrypto | undefined {
  const { navigator, process } = globalThis as {
    navigator?: { userAgent?: string };
    process?: {
      getBuiltinModule?(name: string): NodeCrypto | undefined;
      versions?: { bun?: string; deno?: string };
    };
  };
  const { bun, deno } = process?.versions ?? {};
  if (bun || deno || navigator?.userAgent === 'Cloudflare-Workers') return undefined;
  return process?.getBuiltinModule?.('node:crypto');
}

function ofNode(crypto: NodeCrypto, jwk: JsonWebKey, { hash }: Kind): PublicKey {
  const key = crypto.createPublicKey({ key: jwk as { kty: string }, format: 'jwk' });
  measure(key.asymmetricKeyDetails?.modulusLength);
  const digest = hash?.replace('-', '');
  const how = { key, dsaEncoding: 'ieee-p1363' } as const;
  return (signature, signed) => crypto.verify(digest, signed, how, signature);
}

async function ofTheWeb(jwk: JsonWebKey, kind: Kind): Promise<PublicKey> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('jwk', jwk, kind, false, ['verify']);
  measure((key.algorithm as Partial<RsaKeyAlgorithm>).modulusLength);
  return (signature, signed) => subtle.verify(kind, key, signature, signed);
}

function measure(modulusBits = MODULUS_BITS_MIN): void {
  if (modulusBits < MODULUS_BITS_MIN) {
    throw new CognateError('badResponse', 'The key of the issuer is too short.');
  }
}
