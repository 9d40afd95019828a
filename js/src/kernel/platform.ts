// What does the platform lend to wasm? Signatures and keys, by `node:crypto`, which Node, Deno and
// Bun have, and which is synchronous.

import { Buffer } from 'node:buffer';
import {
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';

/** What wasm calls while it runs. */
export interface Platform {
  sign(algorithm: string, key: Uint8Array, message: Uint8Array): Uint8Array;
  verify(algorithm: string, key: string, message: Uint8Array, signature: Uint8Array): boolean;
}

/** A fresh key pair: the private key in DER, the public one as a JWK in JSON. */
export interface FreshKey {
  privateKey: Uint8Array;
  publicKey: string;
}

/** Beyond this many, the parsed keys are forgotten and parsed again as needed. */
const KEYS_MAX = 256;

const keys = new Map<string, KeyObject>();

export const platform: Platform = {
  sign(algorithm, der, message) {
    const type = algorithm === 'RS256' ? 'pkcs1' : 'pkcs8';
    const bytes = Buffer.from(der);
    const key = parsed(`${type} ${bytes.toString('base64')}`, () =>
      createPrivateKey({ key: bytes, format: 'der', type }),
    );
    return sign(hashOf(algorithm), message, { key, dsaEncoding: 'ieee-p1363' });
  },
  verify(algorithm, jwk, message, signature) {
    const key = parsed(jwk, () => createPublicKey({ key: JSON.parse(jwk), format: 'jwk' }));
    return verify(hashOf(algorithm), message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  },
};

/** None for keys that know their own way. */
function hashOf(algorithm: string): string | undefined {
  return algorithm === 'EdDSA' ? undefined : 'sha256';
}

function parsed(name: string, parse: () => KeyObject): KeyObject {
  let key = keys.get(name);
  if (!key) {
    if (keys.size >= KEYS_MAX) keys.clear();
    key = parse();
    keys.set(name, key);
  }
  return key;
}

const generate = promisify(generateKeyPair);

export async function makeKey(algorithm: string): Promise<FreshKey> {
  const { privateKey, publicKey } = await pairOf(algorithm);
  const type = algorithm === 'RS256' ? 'pkcs1' : 'pkcs8';
  return {
    privateKey: privateKey.export({ format: 'der', type }),
    publicKey: JSON.stringify(publicKey.export({ format: 'jwk' })),
  };
}

function pairOf(algorithm: string): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  switch (algorithm) {
    case 'RS256':
      return generate('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generate('ed25519');
    default:
      throw new RangeError(`no keys of that kind: ${algorithm}`);
  }
}
