// Which key signed? The published keys of one issuer, fetched as seldom as possible: one fetch at a
// time, none for a while after the last, and in the background as long as older keys will do.

import { CognateError } from '../errors.js';
import { textOf } from '../text.js';
import { within } from './deadline.js';
import { type JsonWebKeyEntry, type PublicKey, read as readKey } from './public_key.js';
import type { Algorithm } from './token.js';

/** The document in which an issuer publishes its keys. */
export interface JsonWebKeySet {
  /** One for each key that tokens may be signed with. */
  keys: readonly JsonWebKeyEntry[];
}

/** How keys are fetched and kept. */
export interface KeyOptions {
  /**
   * Where the keys are; by default at the issuer, under `/.well-known/jwks.json`. With `null` none
   * are ever fetched, and `jwks` has them all.
   */
  jwksUri?: string | null;
  /** Keys that are known beforehand. */
  jwks?: JsonWebKeySet;
  /** How long keys are good before they are fetched again, in the background; 10 minutes. */
  maxAgeMs?: number;
  /** How long after a fetch a key that is not known stays unknown without asking again; 30 s. */
  cooldownMs?: number;
  /** How long a fetch may take; 3 s. */
  timeoutMs?: number;
  /** What fetches, instead of the platform's own. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** For how long old keys serve while no new ones can be had. */
const STALE_MS_MAX = 24 * 3_600_000;
/** How long after a fetch that failed the next may begin. */
const FAILURE_COOLDOWN_MS = 1_000;
/** A handful of keys fits into a hundredth. */
const DOCUMENT_LENGTH_MAX = 262_144;

/** The keys of one issuer. */
export class Keys {
  readonly #url: string | null;
  readonly #options: KeyOptions;
  #entries = new Map<string, JsonWebKeyEntry>();
  #imported = new Map<string, PublicKey>();
  #fetchedAtMs = -Infinity;
  #triedAtMs = -Infinity;
  #failure: CognateError | undefined;
  #inFlight: Promise<void> | undefined;

  constructor(url: string | null, options: KeyOptions) {
    this.#url = url;
    this.#options = options;
    if (options.jwks) this.#replace(options.jwks);
  }

  /** The key of that name, for that algorithm; at once if it is at hand. */
  find(kid: string, alg: Algorithm): PublicKey | Promise<PublicKey> {
    const ready = () => this.#imported.get(`${alg} ${kid}`) ?? this.#import(kid, alg);
    const fresh = this.#freshen(kid);
    return fresh ? fresh.then(ready) : ready();
  }

  /** Fetches the keys, unless that is under way already. */
  async fetch(): Promise<void> {
    const { timeoutMs = 3_000 } = this.#options;
    if (this.#url === null) return;
    // Where each request is an island, a fetch of another request may never come back.
    if (!isWithin(this.#triedAtMs, timeoutMs)) this.#inFlight = undefined;
    this.#inFlight ??= this.#load(this.#url, timeoutMs).finally(() => {
      this.#inFlight = undefined;
    });
    await within(timeoutMs, this.#inFlight);
  }

  /** Sees to it that the keys are new enough to have that one, if there is such a key. */
  #freshen(kid: string): Promise<void> | undefined {
    const { cooldownMs = 30_000, maxAgeMs = 600_000 } = this.#options;
    const hasRested = !isWithin(this.#triedAtMs, this.#failure ? FAILURE_COOLDOWN_MS : cooldownMs);
    if (this.#entries.has(kid) && isWithin(this.#fetchedAtMs, STALE_MS_MAX)) {
      const isDue = hasRested && !isWithin(this.#fetchedAtMs, maxAgeMs);
      // The old key serves meanwhile; a failure shows once it no longer does.
      if (isDue) this.fetch().catch(() => {});
    } else if (this.#inFlight || hasRested) {
      return this.fetch();
    } else if (this.#failure) {
      throw this.#failure;
    }
    return undefined;
  }

  async #load(url: string, timeoutMs: number): Promise<void> {
    this.#triedAtMs = Date.now();
    try {
      this.#replace(read(await this.#document(url, timeoutMs)));
      this.#failure = undefined;
    } catch (error) {
      this.#failure =
        error instanceof CognateError
          ? error
          : new CognateError('network', "The issuer's keys can't be fetched.", { cause: error });
      throw this.#failure;
    }
  }

  async #document(url: string, timeoutMs: number): Promise<string> {
    const get = this.#options.fetch ?? fetch;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await get(url, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: abort.signal,
      });
      const { ok, status } = response;
      if (!ok) throw bad(`The issuer answered ${status} when it was asked for its keys.`, status);
      const text = await textOf(response, DOCUMENT_LENGTH_MAX);
      if (text === undefined) throw bad("The document of the issuer's keys is too long.");
      return text;
    } catch (error) {
      if (!abort.signal.aborted) throw error;
      throw new CognateError('timeout', 'Fetching the keys of the issuer took too long.');
    } finally {
      clearTimeout(timer);
    }
  }

  #replace({ keys }: JsonWebKeySet): void {
    const entries = new Map<string, JsonWebKeyEntry>();
    for (const key of keys) {
      if (typeof key?.kid === 'string' && (key.use ?? 'sig') === 'sig') entries.set(key.kid, key);
    }
    const text = (all: Map<string, JsonWebKeyEntry>) => JSON.stringify([...all]);
    if (text(entries) !== text(this.#entries)) this.#imported.clear();
    this.#entries = entries;
    this.#fetchedAtMs = Date.now();
  }

  async #import(kid: string, alg: Algorithm): Promise<PublicKey> {
    const entry = this.#entries.get(kid);
    if (!entry) {
      throw new CognateError('keyNotFound', 'The issuer has no key of the name in the token.', {
        claim: 'kid',
        actual: kid,
      });
    }
    const key = await readKey(entry, alg);
    if (this.#entries.get(kid) === entry) this.#imported.set(`${alg} ${kid}`, key);
    return key;
  }
}

/** Whether that was less than so long ago; a clock that was set back counts as long. */
function isWithin(atMs: number, limitMs: number): boolean {
  const ageMs = Date.now() - atMs;
  return ageMs >= 0 && ageMs < limitMs;
}

function bad(message: string, status?: number): CognateError {
  return new CognateError('badResponse', message, { status });
}

function read(text: string): JsonWebKeySet {
  let document: Partial<JsonWebKeySet> | null | undefined;
  try {
    document = JSON.parse(text);
  } catch {
    // It is told below.
  }
  if (!Array.isArray(document?.keys)) throw bad('The issuer answered with something else than keys.');
  return document as JsonWebKeySet;
}
