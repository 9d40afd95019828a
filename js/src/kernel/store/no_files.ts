// Which stores are there where there are no files? These say that there are none.

import { CognateError } from '../../errors.js';
import type { Store } from './store.js';

/** There are no files here. */
export function fileStore(_path: string): Store {
  throw new CognateError('notSupported', 'There are no files here.');
}

/** There are no files here. */
export function sqliteStore(_path: string): Store {
  throw new CognateError('notSupported', 'There are no files here.');
}
