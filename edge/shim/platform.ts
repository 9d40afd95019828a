// What does the platform lend to wasm? Keys, signatures and SQL: all of it synchronous. What every
// request does is done here in one crossing, though `worker` could do it in several.

import { Buffer } from "node:buffer";
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
  verify as verifyWith,
} from "node:crypto";

type Value = SqlStorageValue;
type Statement = [text: string, ...bindings: Value[]];

export function privateKey(der: Uint8Array, form: "pkcs1" | "pkcs8"): KeyObject {
  return createPrivateKey({ key: Buffer.from(der), format: "der", type: form });
}

export function publicKey(jwk: string): KeyObject {
  return createPublicKey({ key: JSON.parse(jwk), format: "jwk" });
}

export function sign(hash: string | undefined, message: Uint8Array, key: KeyObject): Uint8Array {
  return signWith(hash, message, key);
}

export function verify(
  hash: string | undefined,
  message: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean {
  return verifyWith(hash, message, key, signature);
}

export function makeKey(algorithm: string): { private: Uint8Array; public: string } {
  const pair = keyPair(algorithm);
  const type = algorithm === "RS256" ? "pkcs1" : "pkcs8";
  return {
    private: pair.privateKey.export({ format: "der", type }),
    public: JSON.stringify(pair.publicKey.export({ format: "jwk" })),
  };
}

function keyPair(algorithm: string) {
  switch (algorithm) {
    case "RS256":
      return generateKeyPairSync("rsa", { modulusLength: 2048 });
    case "ES256":
      return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    case "EdDSA":
      return generateKeyPairSync("ed25519");
    default:
      throw new RangeError(`no keys of that kind: ${algorithm}`);
  }
}

/** The value under a key, if there is one. */
export function record(storage: DurableObjectStorage, key: string): Uint8Array | undefined {
  const cursor = storage.sql.exec("SELECT value FROM record WHERE key = ?", key);
  // Read to its end: a cursor that is left half-way keeps its statement busy.
  const [row] = [...cursor.raw<[ArrayBuffer]>()];
  return row && new Uint8Array(row[0]);
}

/** Runs one statement that gives no rows. */
export function execute(storage: DurableObjectStorage, [text, ...bindings]: Statement): void {
  storage.sql.exec(text, ...bindings);
}

/** Runs statements so that all stand or none. */
export function transact(storage: DurableObjectStorage, statements: Statement[]): void {
  storage.transactionSync(() => {
    for (const [text, ...bindings] of statements) storage.sql.exec(text, ...bindings);
  });
}

/** Has the object woken at that time, or not at all. Whatever is answered waits until that stands. */
export function setAlarm(storage: DurableObjectStorage, atMs: number | undefined): void {
  const set = atMs === undefined ? storage.deleteAlarm() : storage.setAlarm(atMs);
  set.catch((error) => console.error("the alarm can't be set:", String(error)));
}

/** The name of the object, as it was written down when its alarm was set. */
export function nameIn(storage: DurableObjectStorage): string {
  const row = storage.sql.exec("SELECT value FROM meta WHERE name = 'object'").one();
  return String(row.value);
}

/** Writes a line to the operator's log. */
export function complain(line: string): void {
  console.error(line);
}
