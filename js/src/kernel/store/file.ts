import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';

import { CognateError } from '../../errors.js';
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
  #isLocked = false;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Uint8Array> {
    if (!this.#isLocked) await this.#lock();
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
    if (this.#isLocked) await rm(this.#lockPath, { force: true });
    this.#file = undefined;
    this.#isLocked = false;
  }

  get #lockPath(): string {
    return `${this.#path}.lock`;
  }

  async #lock(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const lock = await open(this.#lockPath, 'wx', 0o600);
        await lock.writeFile(`${process.pid}`);
        await lock.close();
        this.#isLocked = true;
        return;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        if (tries > 0 || (await this.#isHeld())) {
          throw new CognateError('storeInUse', 'Another process has the file open.', { cause });
        }
        // Whoever held it was killed.
        await rm(this.#lockPath, { force: true });
      }
    }
  }

  async #isHeld(): Promise<boolean> {
    const pid = Number(await readFile(this.#lockPath, 'utf8'));
    if (pid === process.pid) return true;
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }
}

/** Makes a renaming last. Not every system lets folders be opened. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
