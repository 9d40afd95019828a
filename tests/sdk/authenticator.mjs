// What is an authenticator app? A secret, and a code of six digits for each half minute (RFC 6238).

import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 30_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(secret) {
  const bits = [...secret].map((c) => BASE32.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The app of a user. It never shows a code twice, for none is taken twice. */
export class Authenticator {
  #secret;
  #last = 0;

  constructor(secret) {
    this.#secret = bytesOf(secret);
  }

  #codeOf(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const hash = createHmac('sha1', this.#secret).update(counter).digest();
    const number = hash.readUInt32BE(hash.at(-1) & 0x0f) & 0x7fff_ffff;
    return String(number % 1_000_000).padStart(6, '0');
  }

  /** A code that the service takes now, of a step before, of this one, or of the next. */
  async code() {
    const now = () => Math.floor(Date.now() / STEP_MS);
    // The step before may be over on the way.
    const isLate = Date.now() % STEP_MS > STEP_MS - 5_000;
    this.#last = Math.max(this.#last + 1, now() - (isLate ? 0 : 1));
    while (this.#last > now() + 1) await sleep(250);
    return this.#codeOf(this.#last);
  }
}
