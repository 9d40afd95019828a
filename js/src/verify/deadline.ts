import { CognateError } from '../errors.js';

/** What the promise gives, or `timeout` if it takes longer. */
export function within<T>(
  limitMs: number,
  promise: Promise<T>,
  message = 'Fetching the keys of the issuer took too long.',
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new CognateError('timeout', message));
    }, limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
