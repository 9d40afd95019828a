/**
 * Where the session is kept. Give your own to keep it elsewhere; one that throws makes the call that
 * needed it fail with the code `storage`, and the session lives on in memory.
 */
export interface TokenStorage {
  /** What is stored under the key, or null. */
  get(key: string): string | null | Promise<string | null>;
  /** Stores the text, all of it or nothing. */
  set(key: string, value: string): void | Promise<void>;
  /** Forgets the key. */
  remove(key: string): void | Promise<void>;
  /**
   * Whether other pages or processes use the same storage at the same time. Then a refresh waits
   * for theirs.
   */
  readonly shared?: boolean;
  /** Calls back whenever somebody else may have changed the key; returns how to stop that. */
  watch?(key: string, changed: () => void): () => void;
}
