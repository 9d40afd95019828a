// Where is what the kernel writes down kept?

/**
 * Keeps bytes, in order. Calls come one after another, never at once. A `CognateError` that it
 * throws is passed on, anything else as the cause of one with the code `storage`.
 */
export interface Store {
  /**
   * If several tabs may open it at once: a name that all of them have for it. The first one runs the
   * service for all.
   */
  readonly sharedAs?: string;
  /** Everything that is kept; called at the start, and again after something could not be kept. */
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
