// In which order is what was written down kept? As it came, and nothing after what was lost.

import { concat } from './store/bytes.js';
import type { Store } from './store/store.js';

/** Writes to a store, one thing after another. Once it failed, it fails. */
export class Keeper {
  readonly #store: Store;
  #last: Promise<void> = Promise.resolve();
  /** What waits for its turn; it goes all at once. */
  #waiting: Uint8Array[] | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Done when they are kept, and all that came before. */
  append(bytes: Uint8Array): Promise<void> {
    if (this.#waiting) {
      this.#waiting.push(bytes);
      return this.#last;
    }
    const parts = [bytes];
    this.#waiting = parts;
    return this.#inTurn(() => {
      if (this.#waiting === parts) this.#waiting = undefined;
      return this.#store.append(concat(parts));
    });
  }

  /** Keeps these instead, if it can; otherwise the others are still there. */
  replace(bytes: Uint8Array): Promise<void> {
    // What comes later must stand behind it.
    this.#waiting = undefined;
    return this.#inTurn(() => this.#store.replace(bytes).catch(() => {}));
  }

  /** Done when all that came is kept. */
  settled(): Promise<void> {
    return this.#last;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    // Whoever waits is told; nobody may.
    this.#last.catch(() => {});
    return this.#last;
  }
}
