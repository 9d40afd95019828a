// Where is what the kernel writes down kept?

/**
 * Keeps bytes, in order. Whatever it throws is shown as the cause of a `CognateError` with the code
 * `storage`.
 */
export interface Store {
  /** Everything that is kept; called once. */
  read(): Promise<Uint8Array>;
  /**
   * Keeps more bytes after the others. It is done when they would survive a power cut; if it fails,
   * none of them are kept.
   */
  append(bytes: Uint8Array): Promise<void>;
  /** Keeps these bytes instead of all others; if it fails, those are still there. */
  replace(bytes: Uint8Array): Promise<void>;
  /** Lets go of whatever is held. */
  close(): Promise<void>;
}
