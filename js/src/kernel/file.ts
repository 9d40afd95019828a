import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

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
  /** What is waiting to be written, and when it will be. */
  #batch: { parts: Uint8Array[]; written: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Uint8Array> {
    await this.#lock();
    try {
      this.#file = await open(this.#path, 'a+', 0o600);
      const bytes = await this.#file.readFile();
      this.#length = bytes.length;
      return bytes;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  append(bytes: Uint8Array): Promise<void> {
    // What comes while the disk is busy goes with the next write, all of it at once.
    if (!this.#batch) {
      const parts: Uint8Array[] = [];
      const written = this.#inTurn(() => {
        if (this.#batch?.parts === parts) this.#batch = undefined;
        return this.#write(Buffer.concat(parts));
      });
      this.#batch = { parts, written };
    }
    this.#batch.parts.push(bytes);
    return this.#batch.written;
  }

  replace(bytes: Uint8Array): Promise<void> {
    // What comes later must stand behind it.
    this.#batch = undefined;
    return this.#inTurn(() => this.#rewrite(bytes));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  async #rewrite(bytes: Uint8Array): Promise<void> {
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
      await rename(fresh, this.#path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await syncFolder(dirname(this.#path));
    await this.#file?.close();
    this.#file = file;
    this.#length = bytes.length;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file?.close();
    if (this.#locked) await rm(this.#lockPath, { force: true });
    this.#file = undefined;
    this.#locked = false;
  }

  async #write(bytes: Uint8Array): Promise<void> {
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

  #locked = false;

  get #lockPath(): string {
    return `${this.#path}.lock`;
  }

  async #lock(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const lock = await open(this.#lockPath, 'wx', 0o600);
        await lock.writeFile(`${process.pid}`);
        await lock.close();
        this.#locked = true;
        return;
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
        if (!isTaken || tries > 0 || (await this.#isHeld())) throw error;
        // Whoever held it was killed.
        await rm(this.#lockPath, { force: true });
      }
    }
  }

  async #isHeld(): Promise<boolean> {
    const lock = await open(this.#lockPath, 'r');
    const pid = Number(await lock.readFile('utf8'));
    await lock.close();
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
