import type { TokenStorage } from '../storage.js';

/**
 * Keeps the session in the page's `localStorage`, for all tabs and until it is signed out, or in its
 * `sessionStorage`, for this tab. Whoever can run scripts in the page can read it.
 *
 * @example
 * ```ts
 * createClient({ userPoolId, clientId, storage: browserStorage('local') });
 * ```
 */
export function browserStorage(which: 'local' | 'session'): TokenStorage {
  // Asked for each time: where a page may not use storage, even to ask for it throws.
  const storage = (): Storage => (which === 'local' ? localStorage : sessionStorage);
  return {
    get: (key) => storage().getItem(key),
    set: (key, value) => storage().setItem(key, value),
    remove: (key) => storage().removeItem(key),
    shared: which === 'local',
    watch(key, changed) {
      if (which === 'session') return () => {};
      const heard = (event: StorageEvent): void => {
        // A null key: everything was cleared.
        if (event.key === key || event.key === null) changed();
      };
      addEventListener('storage', heard);
      return () => removeEventListener('storage', heard);
    },
  };
}
