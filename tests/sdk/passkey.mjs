// An authenticator with one passkey, and the browser before it, in Node: for each kind of key.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest();
const text = (bytes) => Buffer.from(bytes).toString('base64url');

// CBOR (RFC 8949) as far as a key needs it.
const head = (major, n) =>
  n < 24 ? Buffer.from([(major << 5) | n])
  : n < 256 ? Buffer.from([(major << 5) | 24, n])
  : Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
const number = (n) => (n < 0 ? head(1, -1 - n) : head(0, n));
const bytes = (data) => Buffer.concat([head(2, data.length), data]);
const words = (word) => Buffer.concat([head(3, word.length), Buffer.from(word)]);
const map = (entries) => Buffer.concat([head(5, entries.length), ...entries.flat()]);

/** Each kind of key: how it is made, how COSE has it (RFC 9053), how it signs. */
const KINDS = {
  ES256: {
    alg: -7,
    make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }) => [
      [number(1), number(2)], [number(3), number(-7)], [number(-1), number(1)],
      [number(-2), bytes(x)], [number(-3), bytes(y)],
    ],
    hash: 'sha256',
  },
  EdDSA: {
    alg: -8,
    make: () => generateKeyPairSync('ed25519'),
    cose: ({ x }) => [
      [number(1), number(1)], [number(3), number(-8)], [number(-1), number(6)],
      [number(-2), bytes(x)],
    ],
    hash: null,
  },
  RS256: {
    alg: -257,
    make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }) => [
      [number(1), number(3)], [number(3), number(-257)], [number(-1), bytes(n)],
      [number(-2), bytes(e)],
    ],
    hash: 'sha256',
  },
};

export class Passkey {
  constructor(kind = 'ES256', origin = 'https://example.com') {
    Object.assign(this, { kind: KINDS[kind], origin, id: randomBytes(16), counter: 0, flags: 5 });
    this.pair = this.kind.make();
  }

  /** The members of the public key, which a test may spoil. */
  members() {
    const jwk = this.pair.publicKey.export({ format: 'jwk' });
    const of = ([name, value]) => [name, Buffer.from(value, 'base64url')];
    return Object.fromEntries(Object.entries(jwk).map(of));
  }

  #clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  #data(domain, flags, rest = Buffer.alloc(0)) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(domain), Buffer.from([this.flags | flags]), counter, rest]);
  }

  /** `RegistrationResponseJSON` for those options. */
  create(options, members = this.members()) {
    const { alg, cose } = this.kind;
    if (!options.pubKeyCredParams.some((wanted) => wanted.alg === alg)) throw new Error('not asked');
    this.user = options.user.id;
    const length = Buffer.from([0, this.id.length]);
    const attested = [Buffer.alloc(16), length, this.id, map(cose(members))];
    const attestation = map([
      [words('fmt'), words('none')],
      [words('attStmt'), map([])],
      [words('authData'), bytes(this.#data(options.rp.id, 0x40, Buffer.concat(attested)))],
    ]);
    return {
      id: text(this.id),
      rawId: text(this.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(this.#clientData('webauthn.create', options.challenge)),
        attestationObject: text(attestation),
        transports: ['usb'],
      },
    };
  }

  /** `AuthenticationResponseJSON` for those options. */
  get(options) {
    const clientData = this.#clientData('webauthn.get', options.challenge);
    const data = this.#data(options.rpId, 0);
    const signed = Buffer.concat([data, sha256(clientData)]);
    return {
      id: text(this.id),
      rawId: text(this.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(clientData),
        authenticatorData: text(data),
        signature: text(sign(this.kind.hash, signed, this.pair.privateKey)),
        userHandle: this.user,
      },
    };
  }
}
