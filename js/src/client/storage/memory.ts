import type { TokenStorage } from '../storage.js';

/** Keeps the session until the page or process ends. */
export function memoryStorage(): TokenStorage {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
  };
}
