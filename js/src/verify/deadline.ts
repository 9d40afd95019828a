import { CognateError } from '../errors.js';

/** What the promise gives, or `timeout` if it takes longer. */
export function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new CognateError('timeout', 'Fetching the keys of the issuer took too long.'));
    }, limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
