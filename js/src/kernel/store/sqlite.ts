import { CognateError, type CognateErrorCode } from '../../errors.js';
import { concat } from './bytes.js';
import type { Store } from './store.js';

/**
 * Keeps a kernel's records in a SQLite database, which other tools can back up. One process may have
 * it open at a time. It needs `node:sqlite`, which Node has since 22.13, Deno since 2.2.
 *
 * @example
 * ```ts
 * const cognate = await Cognate.open({ store: sqliteStore('./cognate.sqlite') });
 * ```
 */
export function sqliteStore(path: string): Store {
  return new SqliteStore(path);
}

/** The part of `node:sqlite` that is used. */
interface Database {
  exec(sql: string): void;
  prepare(sql: string): { all(): unknown[]; run(...values: unknown[]): unknown };
  close(): void;
}

/** SQLite's own words for what went wrong (<https://sqlite.org/rescode.html>), which all tell. */
const FAULTS: Record<string, [CognateErrorCode, string]> = {
  'database is locked': ['storeInUse', 'Another process has the database open.'],
  'database disk image is malformed': ['storeCorrupt', 'The database was spoiled.'],
  'file is not a database': ['storeCorrupt', 'The database was spoiled.'],
  'database or disk is full': ['storeFull', 'There is no room left for the database.'],
};

const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS journal (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  BEGIN IMMEDIATE;
  COMMIT;`;

class SqliteStore implements Store {
  readonly #path: string;
  #database: Database | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Uint8Array> {
    const Database = this.#database ? undefined : await databases();
    return told(() => {
      if (Database) {
        this.#database = new Database(this.#path);
        this.#database.exec(SETTINGS);
      }
      const rows = this.#open().prepare('SELECT bytes FROM journal ORDER BY n').all();
      return concat((rows as { bytes: Uint8Array }[]).map(({ bytes }) => bytes));
    });
  }

  async append(bytes: Uint8Array): Promise<void> {
    told(() => this.#open().prepare('INSERT INTO journal (bytes) VALUES (?)').run(bytes));
  }

  async replace(bytes: Uint8Array): Promise<void> {
    told(() => {
      const database = this.#open();
      database.exec('BEGIN; DELETE FROM journal');
      try {
        database.prepare('INSERT INTO journal (bytes) VALUES (?)').run(bytes);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): Database {
    if (!this.#database) throw new Error('the database is closed');
    return this.#database;
  }
}

async function databases(): Promise<new (path: string) => Database> {
  const name = 'node:sqlite';
  try {
    return (await import(name)).DatabaseSync;
  } catch (cause) {
    throw new CognateError('notSupported', 'This runtime has no node:sqlite.', { cause });
  }
}

/** Does something, and says in our words what SQLite has against it. */
function told<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const fault = FAULTS[(cause as Error).message];
    throw fault ? new CognateError(...fault, { cause }) : cause;
  }
}
