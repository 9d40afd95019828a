import { CognateError } from '../../errors.js';
import { concat } from './bytes.js';
import type { Store } from './store.js';

/**
 * Keeps a kernel's records in the browser, under that name. All tabs of an origin that open it have
 * the same users: the first one runs the service for all, and when it is closed, another does.
 *
 * @example
 * ```ts
 * const cognate = await Cognate.open({ store: indexedDbStore('demo') });
 * ```
 */
export function indexedDbStore(name: string): Store {
  return new IndexedDbStore(`cognate.kernel.${name}`);
}

const JOURNAL = 'journal';

class IndexedDbStore implements Store {
  readonly sharedAs: string;
  #database: IDBDatabase | undefined;

  constructor(name: string) {
    this.sharedAs = name;
  }

  async read(): Promise<Uint8Array> {
    const database = (this.#database ??= await this.#open());
    const request = database.transaction(JOURNAL).objectStore(JOURNAL).getAll();
    const parts: unknown[] = await settled(request);
    if (parts.every((part) => part instanceof Uint8Array)) return concat(parts);
    throw new CognateError('storeCorrupt', 'The store has something in it that is no record.');
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#write((journal) => journal.add(bytes));
  }

  replace(bytes: Uint8Array): Promise<void> {
    return this.#write((journal) => {
      journal.clear();
      journal.add(bytes);
    });
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  /** All of it stands when the promise is kept, and none of it if it is broken. */
  #write(work: (journal: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#database) throw new Error('the store is closed');
      const transaction = this.#database.transaction(JOURNAL, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser gave up'));
      work(transaction.objectStore(JOURNAL));
    });
  }

  async #open(): Promise<IDBDatabase> {
    if (globalThis.indexedDB === undefined) {
      throw new CognateError('notSupported', 'There is no IndexedDB here.');
    }
    const request = indexedDB.open(this.sharedAs, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(JOURNAL, { autoIncrement: true });
    };
    const database = await settled(request);
    // Somebody deletes it, or the browser does: what comes next can't be kept, and says so.
    const gone = () => {
      database.close();
      if (this.#database === database) this.#database = undefined;
    };
    database.onversionchange = gone;
    database.onclose = gone;
    return database;
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
