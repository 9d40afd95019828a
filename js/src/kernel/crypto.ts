// What does the platform do for wasm? It makes keys, signs, and looks at signatures, by WebCrypto.

type Bytes = Uint8Array<ArrayBuffer>;

/** A signature that is still to be made. */
export interface Hole {
  /** What stands where it belongs. */
  hole: string;
  algorithm: string;
  /** Names the key without giving it away. */
  keyId: string;
  /** DER in base64url, PKCS #1 for RSA and PKCS #8 for the others. */
  key: string;
  message: string;
}

/** A fresh key pair: the private key in DER, the public one as a JWK in JSON. */
export interface FreshKey {
  privateKey: Uint8Array;
  publicKey: string;
}

interface Method {
  /** What keys are imported for. */
  key: RsaHashedImportParams | EcKeyImportParams | Algorithm;
  /** What keys are made with. */
  fresh: RsaHashedKeyGenParams | EcKeyGenParams | Algorithm;
  /** What is signed with. */
  signature: EcdsaParams | Algorithm;
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const EC = { name: 'ECDSA', namedCurve: 'P-256' };
const ED = { name: 'Ed25519' };

const METHODS: Record<string, Method> = {
  RS256: {
    key: RSA,
    fresh: { ...RSA, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    signature: RSA,
  },
  ES256: { key: EC, fresh: EC, signature: { name: 'ECDSA', hash: 'SHA-256' } },
  EdDSA: { key: ED, fresh: ED, signature: ED },
};

const encoder = new TextEncoder();

/** The signature, in base64url. */
export async function sign({ algorithm, key, keyId, message }: Hole): Promise<string> {
  const method = methodOf(algorithm);
  const parsed = await once(keyId, () => {
    const der = bytesOf(key);
    const pkcs8 = algorithm === 'RS256' ? wrapped(der) : der;
    return crypto.subtle.importKey('pkcs8', pkcs8, method.key, false, ['sign']);
  });
  const signature = await crypto.subtle.sign(method.signature, parsed, encoder.encode(message));
  return textOf(new Uint8Array(signature));
}

/** `key` is a JWK as JSON. */
export async function verify(
  { algorithm, key }: { algorithm: string; key: string },
  signature: Bytes,
  message: Bytes,
): Promise<boolean> {
  const method = methodOf(algorithm);
  try {
    const parsed = await once(key, () =>
      crypto.subtle.importKey('jwk', JSON.parse(key), method.key, false, ['verify']),
    );
    return await crypto.subtle.verify(method.signature, parsed, signature, message);
  } catch (error) {
    // Users bring keys of their own: what is no key has signed nothing.
    if (error instanceof DOMException && error.name === 'DataError') return false;
    throw error;
  }
}

export async function makeKey(algorithm: string): Promise<FreshKey> {
  const { fresh } = methodOf(algorithm);
  const pair = await crypto.subtle.generateKey(fresh, true, ['sign', 'verify']);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  const { kty, crv, n, e, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return {
    privateKey: algorithm === 'RS256' ? unwrapped(pkcs8) : pkcs8,
    publicKey: JSON.stringify({ kty, crv, n, e, x, y }),
  };
}

function methodOf(algorithm: string): Method {
  const method = METHODS[algorithm];
  if (!method) throw new RangeError(`no keys of that kind: ${algorithm}`);
  return method;
}

/** Beyond this many, the parsed keys are forgotten and parsed again as needed. */
const KEYS_MAX = 256;

const keys = new Map<string, Promise<CryptoKey>>();

function once(name: string, parse: () => Promise<CryptoKey>): Promise<CryptoKey> {
  let key = keys.get(name);
  if (!key) {
    if (keys.size >= KEYS_MAX) keys.clear();
    key = parse();
    keys.set(name, key);
  }
  return key;
}

/** Version 0 and `rsaEncryption` without parameters, as PKCS #8 has them (RFC 5208, RFC 8017). */
const RSA_KEY = [2, 1, 0, 48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0];

const SEQUENCE = 48;
const OCTETS = 4;

/** A key in PKCS #1 as one in PKCS #8, the only form that WebCrypto knows. */
function wrapped(pkcs1: Uint8Array): Bytes {
  return encoded(SEQUENCE, [...RSA_KEY, ...encoded(OCTETS, pkcs1)]);
}

/** The reverse; what comes before the key has always the same length. */
function unwrapped(pkcs8: Uint8Array): Uint8Array {
  const outer = 2 + (pkcs8[1]! < 128 ? 0 : pkcs8[1]! & 127);
  const inner = outer + RSA_KEY.length;
  return pkcs8.subarray(inner + 2 + (pkcs8[inner + 1]! < 128 ? 0 : pkcs8[inner + 1]! & 127));
}

/** An ASN.1 value in DER. */
function encoded(tag: number, content: ArrayLike<number>): Bytes {
  const { length } = content;
  const digits = length < 128 ? [length] : [130, length >> 8, length & 255];
  return Uint8Array.from([tag, ...digits, ...Array.from(content)]);
}

function bytesOf(base64url: string): Bytes {
  const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
