import { load } from '#srp';

import { CognateError } from '../errors.js';
import { type Answer, badResponse, text } from './answer.js';
import type { Client } from './client.js';
import * as glue from './wasm/glue.js';

/** What the arithmetic takes of the client's side, in this order on the way into wasm. */
export interface Fields {
  secretA: Uint8Array;
  publicA: Uint8Array;
  salt: string;
  publicB: string;
  poolName: string;
  userId: string;
  password: string;
  secretBlock: Uint8Array;
  timestamp: string;
}

/** The arithmetic of SRP-6a; nothing comes back where numbers are not those of SRP. */
export interface Arithmetic {
  /** `A = g^a`. */
  begin(secretA: Uint8Array): Uint8Array;
  /** The signature that proves the password. */
  claim(fields: Fields): Uint8Array | Promise<Uint8Array>;
}

export const IN_WASM: Arithmetic = {
  begin: (secretA) => glue.begin(secretA),
  claim: (fields) => glue.claim(packed(Object.values(fields) as (string | Uint8Array)[])),
};

let ready: Promise<Arithmetic> | undefined;

/** Loads the arithmetic once; what failed may go better the next time. */
export function arithmetic(client: Client): Promise<Arithmetic> {
  ready ??= start(client.inner.wasm).catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

async function start(given: string | URL | WebAssembly.Module | undefined): Promise<Arithmetic> {
  try {
    glue.initSync({ module: await (given === undefined ? load() : moduleAt(given)) });
    return IN_WASM;
  } catch {
    // A policy that forbids wasm, an engine without its vectors, a bundle without the file: then in
    // plain JavaScript, which nobody loads who does not need it.
    return inJavaScript();
  }
}

async function moduleAt(given: string | URL | WebAssembly.Module): Promise<WebAssembly.Module> {
  if (given instanceof WebAssembly.Module) return given;
  return WebAssembly.compile(await (await fetch(given)).arrayBuffer());
}

async function inJavaScript(): Promise<Arithmetic> {
  // Pages that did not come over TLS have none.
  if (globalThis.crypto?.subtle === undefined) {
    throw new CognateError('notSupported', 'Neither WebAssembly nor Web Crypto can be used here');
  }
  try {
    return (await import('./bigint.js')).BIG_INTEGERS;
  } catch (cause) {
    throw new CognateError('network', 'The arithmetic of SRP could not be loaded', { cause });
  }
}

/** Each field after its length. */
function packed(fields: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = fields.map((field) => (typeof field === 'string' ? encoder.encode(field) : field));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** Whose password is proven: a user's of a pool, or a device's of a group. */
interface Whose {
  poolName: string;
  userId: string;
  password: string;
}

/** One attempt to prove a password. */
export class Attempt {
  readonly #arithmetic: Arithmetic;
  readonly #secretA: Uint8Array;
  readonly #publicA: Uint8Array;

  private constructor(arithmetic: Arithmetic, secretA: Uint8Array) {
    this.#arithmetic = arithmetic;
    this.#secretA = secretA;
    this.#publicA = arithmetic.begin(secretA);
  }

  static async begin(client: Client): Promise<Attempt> {
    // As strong as the group; Amazon's own clients draw 128, and wait for it.
    return new Attempt(await arithmetic(client), crypto.getRandomValues(new Uint8Array(32)));
  }

  /** `SRP_A`. */
  get publicA(): string {
    const digits = Array.from(this.#publicA, (byte) => byte.toString(16).padStart(2, '0'));
    return digits.join('').replace(/^0+/, '');
  }

  /** The answer to `PASSWORD_VERIFIER` and its like: who knows that password. */
  async prove({ poolName, userId, password }: Whose, parameters: Answer): Promise<Record<string, string>> {
    const secretBlock = text(parameters, 'SECRET_BLOCK');
    const timestamp = javaDate(new Date());
    const claim = await this.#arithmetic.claim({
      secretA: this.#secretA,
      publicA: this.#publicA,
      salt: text(parameters, 'SALT'),
      publicB: text(parameters, 'SRP_B'),
      poolName,
      userId,
      password,
      secretBlock: fromBase64(secretBlock),
      timestamp,
    });
    if (claim.length === 0) throw badResponse();
    return {
      PASSWORD_CLAIM_SIGNATURE: btoa(String.fromCharCode(...claim)),
      PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
      TIMESTAMP: timestamp,
    };
  }
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw badResponse();
  }
}

/** `Tue Nov 3 08:05:09 UTC 2026`. */
function javaDate(date: Date): string {
  const [day, inMonth, month, year, time] = date.toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${Number(inMonth)} ${time} UTC ${year}`;
}
