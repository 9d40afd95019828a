import { CognateError } from '../errors.js';
import type { TokenStorage } from './storage.js';

const POLL_MS = 50;

/** Long enough for another tab's write to arrive here. */
const SETTLE_MS = 40;

/** The same where nobody waits for it, so that it may be longer. */
const ARRIVE_MS = 150;

interface Terms {
  storage: TokenStorage;
  name: string;
  /** How long the task may take. */
  limitMs: number;
}

/** Runs the task while no other page does, if others share the storage. */
export async function exclusively<T>(terms: Terms, task: () => Promise<T>): Promise<T> {
  if (!terms.storage.shared) return task();
  // Not in pages that did not come over TLS.
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return locks ? withLock(locks, terms, task) : withLease(terms, task);
}

/**
 * The lock is kept a little longer than the task takes, which nobody here waits for: browsers grant
 * it to the next page before that sees what was written into `localStorage`.
 */
function withLock<T>(locks: LockManager, terms: Terms, task: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), terms.limitMs);
  return new Promise((resolve, reject) => {
    const granted = async (): Promise<void> => {
      clearTimeout(timer);
      const result = task();
      result.then(resolve, reject);
      await result.catch(() => {});
      await pause(ARRIVE_MS);
    };
    locks.request(terms.name, { signal: stop.signal }, granted).catch(() => reject(tooLong()));
  });
}

/** In the place of a lock a record of who has it, until when. */
async function withLease<T>(terms: Terms, task: () => Promise<T>): Promise<T> {
  const { storage, name, limitMs } = terms;
  const id = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const until = Date.now() + limitMs;
  while (!(await take(terms, id))) {
    if (Date.now() > until) throw tooLong();
    await pause(POLL_MS * (1 + Math.random()));
  }
  try {
    return await task();
  } finally {
    if ((await quietly(() => storage.get(name)))?.startsWith(id)) {
      await quietly(() => storage.remove(name));
    }
  }
}

/** Whether the lease is ours; if storage does not take it, nobody's lease can be known. */
async function take({ storage, name, limitMs }: Terms, id: string): Promise<boolean> {
  const held = await quietly(() => storage.get(name));
  const rest = Number(held?.split(' ')[1]) - Date.now();
  // One that lasts too long was taken by another clock.
  if (held && rest > 0 && rest <= limitMs) return false;
  try {
    await storage.set(name, `${id} ${Date.now() + limitMs}`);
  } catch {
    return true;
  }
  // Of those who write at once the last one has it.
  await pause(SETTLE_MS);
  return (await quietly(() => storage.get(name)))?.startsWith(id) === true;
}

async function quietly<T>(task: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch {
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function tooLong(): CognateError {
  return new CognateError('timeout', 'Another page is refreshing the session, and takes too long');
}
