// Who has a file open? A file beside it names the process.

import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';

import { CognateError } from '../../errors.js';

/** Locks of this process: after a crash its successor may have the same number. */
const held = new Set<string>();

/** Says that this process, and no other, has something open; a crash does not keep others away. */
export class FileLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Takes the lock of that path. */
  static async take(path: string): Promise<FileLock> {
    const whole = resolve(path);
    for (let tries = 0; ; tries++) {
      try {
        await put(whole);
        return new FileLock(whole);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        if (tries > 0 || (await isAlive(whole)) || !(await breakOpen(whole))) {
          throw new CognateError('storeInUse', 'Another process has the file open.', { cause });
        }
      }
    }
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
    held.delete(this.#path);
  }
}

/** Puts a lock there as a whole, where there is none. */
async function put(path: string): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, `${process.pid} ${await startOf(process.pid)}`, { mode: 0o600 });
  try {
    await link(draft, path);
    held.add(path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock of somebody who is gone, unless somebody else did, and took it. */
async function breakOpen(path: string): Promise<boolean> {
  const aside = `${path}.${crypto.randomUUID()}`;
  await rename(path, aside).catch(() => {});
  const isAnothers = await isAlive(aside, path);
  if (isAnothers) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
  return !isAnothers;
}

/** Whether the process in a lock still runs. */
async function isAlive(path: string, name = path): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [number = '', start] = text.split(' ');
  const pid = Number(number);
  if (pid === process.pid) return held.has(name);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Nothing else says that there is no such process: a runtime may forbid to ask.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = await startOf(pid);
  return start === undefined || now === '' || now === start;
}

/** When a process began, where that can be known: numbers come again. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in parentheses, may have anything in it (proc_pid_stat(5)).
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
