import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { FileLock } from './file_lock.js';
import type { Store } from './store.js';

/**
 * Keeps a kernel's records in a file, which survives crashes and power cuts. One process may have it
 * open at a time.
 *
 * @example
 * ```ts
 * const cognate = await Cognate.open({ store: fileStore('./cognate.db') });
 * ```
 */
export function fileStore(path: string): Store {
  return new FileStore(path);
}

class FileStore implements Store {
  readonly #path: string;
  #file: FileHandle | undefined;
  #length = 0;
  #lock: FileLock | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Uint8Array> {
    this.#lock ??= await FileLock.take(`${this.#path}.lock`);
    this.#file ??= await open(this.#path, 'a+', 0o600);
    const bytes = await readFile(this.#path);
    this.#length = bytes.length;
    return bytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    const file = this.#file;
    if (!file) throw new Error('the file is closed');
    try {
      await file.appendFile(bytes);
      await file.datasync();
      this.#length += bytes.length;
    } catch (error) {
      // Nothing may come after half an entry. Without a file, nothing does.
      await file.truncate(this.#length).catch(() => {
        this.#file = undefined;
        return file.close();
      });
      throw error;
    }
  }

  async replace(bytes: Uint8Array): Promise<void> {
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
      await rename(fresh, this.#path);
    } catch (error) {
      await file.close();
      await rm(fresh, { force: true });
      throw error;
    }
    await syncFolder(dirname(this.#path));
    await this.#file?.close();
    this.#file = file;
    this.#length = bytes.length;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    await this.#lock?.release();
    this.#file = undefined;
    this.#lock = undefined;
  }

}

/** Makes a renaming last. Not every system lets folders be opened. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
