// What went wrong in a store, in our words?

import { CognateError, type CognateErrorCode } from '../../errors.js';

/** What browsers and operating systems say when there is no room left. */
const FULL = new Set(['QuotaExceededError', 'ENOSPC', 'EDQUOT', 'EFBIG']);

/** The same as one of ours; `what` begins the sentence. */
export function storeFault(what: string, cause: unknown): CognateError {
  if (cause instanceof CognateError) return cause;
  const { name, code } = (cause ?? {}) as { name?: unknown; code?: unknown };
  const isFull = FULL.has(String(name)) || FULL.has(String(code));
  const kind: CognateErrorCode = isFull ? 'storeFull' : 'storage';
  const why = isFull ? 'there is no room left.' : sentenceOf(cause);
  return new CognateError(kind, `${what}: ${why}`, { cause });
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
