// Who answers: a kernel here, or one in another tab?

import { CognateError } from '../errors.js';
import { Life } from './life.js';
import type { OpenOptions } from './options.js';

/** Whatever answers requests. */
export interface Service {
  fetch(request: Request): Promise<Response>;
  snapshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A kernel here, which begins anew with what is kept when something could not be. */
export class Here implements Service {
  readonly #options: OpenOptions;
  #life: Life;
  #next: Promise<Life> | undefined;
  #isClosed = false;

  private constructor(options: OpenOptions, life: Life) {
    this.#options = options;
    this.#life = life;
  }

  static async open(options: OpenOptions): Promise<Here> {
    try {
      return new Here(options, await Life.begin(options));
    } catch (error) {
      await options.store?.close();
      throw error;
    }
  }

  async fetch(request: Request): Promise<Response> {
    return (await this.#alive()).answer(request);
  }

  async snapshot(): Promise<Uint8Array> {
    return (await this.#alive()).snapshot();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#next?.catch(() => undefined))?.end(closed());
    await this.#life.end(closed());
    await this.#options.store?.close();
  }

  async #alive(): Promise<Life> {
    if (this.#isClosed) throw closed();
    if (!this.#life.failure) return this.#life;
    this.#next ??= Life.begin(this.#options);
    try {
      this.#life = await this.#next;
    } finally {
      this.#next = undefined;
    }
    return this.#life;
  }
}

function closed(): CognateError {
  return new CognateError('storage', 'The service was closed.');
}
