import { badResponse, isObject, structure, text } from '../client/answer.js';
import { amazonCognito, type Client, endpointOf } from '../client/client.js';
import { exclusively } from '../client/lock.js';
import { getSession, isTransient, notSignedIn } from '../client/refresh.js';
import { onChange, type Session } from '../client/session.js';
import { memoryStorage } from '../client/storage/memory.js';
import type { TokenStorage } from '../client/storage.js';
import { callAt, type Service } from '../client/wire.js';
import { CognateError } from '../errors.js';
import { subjectOf } from './subject.js';

const TIMEOUT_MS = 15_000;

/** AWS's SDKs ask anew when less than this is left, so that what is given has to last longer. */
const AHEAD_MS = 300_000;

/** No credentials live longer; such as seem to were received under another clock. */
const LIFETIME_MS_MAX = 13 * 60 * 60 * 1000;

/** Clocks that are no further apart are right. */
const SKEW_MS_MAX = 60_000;

const VERSION = 1;

/** Tokens by the provider that each is of, as `Logins` of Amazon Cognito has them. */
export type Logins = Readonly<Record<string, string>>;

/** Whose credentials are wanted, and where from. */
export interface CredentialsOptions {
  /** The identity pool, such as `eu-west-1:0a1b2c3d-0a1b-8a1b-8a1b-0a1b2c3d4e5f`. */
  identityPoolId: string;
  /** Where the service is. Left out, it is Amazon Cognito in the region that the pool's id names. */
  endpoint?: string | URL;
  /** Whoever is signed in there is signed in here, too. */
  client?: Client;
  /** Says who is signed in by other means; null or nothing if nobody is. */
  logins?: () => Logins | null | undefined | Promise<Logins | null | undefined>;
  /** Whether those who are not signed in get credentials as guests; true if left out. */
  guests?: boolean;
  /** The role that is wanted, of those that the tokens allow. */
  customRoleArn?: string;
  /** Where credentials are kept; in memory if left out. */
  storage?: TokenStorage;
  /** What sends requests; the platform's `fetch` if left out. */
  fetch?: (request: Request) => Promise<Response>;
  /** How long the service may take to answer; 15 seconds if left out. */
  timeoutMs?: number;
}

/** Temporary credentials as AWS's SDKs take them, and whose they are. */
export interface Credentials {
  /** The key's id, which is public. */
  readonly accessKeyId: string;
  /** The key itself. */
  readonly secretAccessKey: string;
  /** What comes with a temporary key. */
  readonly sessionToken: string;
  /** Until when they are good, by the clock of this machine. */
  readonly expiration: Date;
  /** The identity in the pool. */
  readonly identityId: string;
}

/** Gives credentials that are good for minutes at least: a provider as AWS's SDKs for JavaScript take them. */
export interface CredentialsProvider {
  /** The credentials of whoever is signed in, or of a guest; new ones if `forceRefresh` is set. */
  (options?: { forceRefresh?: boolean }): Promise<Credentials>;
  /** Forgets the credentials, and which identity a guest is. */
  forget(): Promise<void>;
}

/** What is kept. */
interface Kept {
  /** Whose they are, in words that stay the same when tokens are renewed. */
  readonly who: string;
  readonly identityId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: number;
}

/** Who is signed in. */
interface Somebody {
  readonly who: string;
  readonly logins: Logins | undefined;
}

/**
 * Makes a provider of credentials. It asks the service nothing until it is called.
 *
 * However often it is called at once, in however many tabs, one request is in flight. New
 * credentials are fetched five minutes ahead of the end of the old ones, which serve as long as they
 * are good if the service cannot be reached. When the user of `client` signs out, they are forgotten.
 *
 * @example With AWS's SDKs
 * ```ts
 * const s3 = new S3Client({ region, endpoint, credentials: credentials({ identityPoolId, client }) });
 * ```
 *
 * @example For guests
 * ```ts
 * const { identityId } = await credentials({ identityPoolId, endpoint })();
 * ```
 */
export function credentials(options: CredentialsOptions): CredentialsProvider {
  const pool = new Pool(options);
  const { client } = options;
  if (client) {
    // What a user left behind is no business of the next one's.
    onChange(client, (session) => void (session ?? pool.drop().catch(() => {})));
  }
  return Object.assign(
    ({ forceRefresh = false } = {}) => pool.credentials(forceRefresh),
    { forget: () => pool.forget() },
  );
}

class Pool {
  readonly #options: CredentialsOptions;
  readonly #service: Service;
  readonly #storage: TokenStorage;
  readonly #key: string;
  /** What storage did not take; it counts in the place of what is stored. */
  #unsaved: Kept | null | undefined;
  #inFlight: { who: string; kept: Promise<Kept> } | undefined;
  /** How often everything was forgotten: what was asked for before is not kept. */
  #forgotten = 0;

  constructor(options: CredentialsOptions) {
    const { identityPoolId, timeoutMs = TIMEOUT_MS } = options;
    const region = /^([\w-]+):[0-9a-f-]+$/.exec(identityPoolId)?.[1];
    if (region === undefined) {
      throw new CognateError('badOptions', 'identityPoolId is not of the form region:id');
    }
    if (!(timeoutMs > 0)) throw new CognateError('badOptions', 'timeoutMs is not above 0');
    this.#options = options;
    this.#service = {
      endpoint: endpointOf(options.endpoint ?? amazonCognito('cognito-identity', region)),
      // Wrapped: browsers insist that it is called on the global object.
      fetch: options.fetch ?? ((request) => fetch(request)),
      timeoutMs,
    };
    this.#storage = options.storage ?? memoryStorage();
    this.#key = `cognate.${[identityPoolId, options.customRoleArn ?? []].flat().join('.')}`;
  }

  async credentials(forceRefresh: boolean): Promise<Credentials> {
    const somebody = await this.#somebody();
    const kept = await this.#load(somebody.who);
    if (kept && !forceRefresh && isFresh(kept)) return given(kept);
    try {
      return given(await this.#renewed(somebody, kept));
    } catch (error) {
      const isGoodStill = !forceRefresh && kept && kept.expiresAt > Date.now();
      if (isGoodStill && isTransient(error)) return given(kept);
      throw error;
    }
  }

  async forget(): Promise<void> {
    await this.drop();
    await this.#reach('write', () => this.#storage.remove(this.#guestKey));
  }

  /** Forgets the credentials, but not which identity a guest is. */
  async drop(): Promise<void> {
    this.#forgotten += 1;
    this.#inFlight = undefined;
    this.#unsaved = null;
    await this.#reach('write', () => this.#storage.remove(this.#key));
    this.#unsaved = undefined;
  }

  get #guestKey(): string {
    return `cognate.${this.#options.identityPoolId}.guest`;
  }

  async #somebody(): Promise<Somebody> {
    const { client, logins: others, guests = true } = this.#options;
    const session = client && (await getSession(client));
    const all = { ...(session && loginOf(session)), ...(await others?.()) };
    const entries = Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1));
    if (entries.length === 0) {
      if (!guests) throw notSignedIn();
      return { who: '', logins: undefined };
    }
    const who = await Promise.all(
      entries.map(async ([name, token]) => `${name}=${await subjectOf(token)}`),
    );
    return { who: who.join('\n'), logins: all };
  }

  #renewed(somebody: Somebody, known: Kept | undefined): Promise<Kept> {
    if (this.#inFlight?.who === somebody.who) return this.#inFlight.kept;
    const limitMs = 3 * this.#service.timeoutMs;
    const terms = { storage: this.#storage, name: `${this.#key}.refresh`, limitMs };
    const kept = exclusively(terms, () => this.#renew(somebody, known)).finally(() => {
      if (this.#inFlight?.kept === kept) this.#inFlight = undefined;
    });
    this.#inFlight = { who: somebody.who, kept };
    return kept;
  }

  async #renew(somebody: Somebody, known: Kept | undefined): Promise<Kept> {
    const before = await this.#load(somebody.who);
    // Another page did it while we waited.
    if (before && before.accessKeyId !== known?.accessKeyId && isFresh(before)) return before;
    const forgotten = this.#forgotten;
    const remembered = before?.identityId ?? (await this.#guest(somebody));
    const kept = await this.#fetched(somebody, remembered);
    // Somebody else may have signed in or out meanwhile: these are given, and not kept.
    const isTheirs = (await this.#somebody()).who === somebody.who;
    if (isTheirs && this.#forgotten === forgotten) await this.#save(kept);
    return kept;
  }

  async #fetched(somebody: Somebody, remembered: string | undefined): Promise<Kept> {
    if (remembered !== undefined) {
      try {
        return await this.#of(remembered, somebody);
      } catch (error) {
        // It was deleted, or is another's by now.
        const isGone = ['ResourceNotFoundException', 'NotAuthorizedException'];
        if (!(error instanceof CognateError) || !isGone.includes(error.serviceError ?? '')) throw error;
      }
    }
    const { identityPoolId } = this.#options;
    const input = { IdentityPoolId: identityPoolId, Logins: somebody.logins };
    const answer = await callAt(this.#service, 'AWSCognitoIdentityService.GetId', input);
    return this.#of(text(answer, 'IdentityId'), somebody);
  }

  async #of(identity: string, { who, logins }: Somebody): Promise<Kept> {
    const input = {
      IdentityId: identity,
      Logins: logins,
      CustomRoleArn: logins && this.#options.customRoleArn,
    };
    let aheadMs = 0;
    const target = 'AWSCognitoIdentityService.GetCredentialsForIdentity';
    const answer = await callAt(this.#service, target, input, {
      seen: (headers) => {
        aheadMs = clockOf(headers);
      },
    });
    const told = structure(answer, 'Credentials');
    const expiresAt = told?.['Expiration'];
    if (!told || typeof expiresAt !== 'number') throw badResponse();
    return {
      who,
      identityId: text(answer, 'IdentityId'),
      accessKeyId: text(told, 'AccessKeyId'),
      secretAccessKey: text(told, 'SecretKey'),
      sessionToken: text(told, 'SessionToken'),
      expiresAt: Math.round(expiresAt * 1000) - aheadMs,
    };
  }

  async #load(who: string): Promise<Kept | undefined> {
    if (this.#unsaved !== undefined) {
      return this.#unsaved?.who === who ? this.#unsaved : undefined;
    }
    const stored = await this.#reach('read', () => this.#storage.get(this.#key));
    const kept = read(stored);
    return kept?.who === who ? kept : undefined;
  }

  async #save(kept: Kept): Promise<void> {
    this.#unsaved = kept;
    try {
      const stored = JSON.stringify({ version: VERSION, ...kept });
      await this.#storage.set(this.#key, stored);
      if (kept.who === '') await this.#storage.set(this.#guestKey, kept.identityId);
    } catch {
      // They live on in memory, and cost no more than to be fetched again.
      return;
    }
    this.#unsaved = undefined;
  }

  async #guest({ who }: Somebody): Promise<string | undefined> {
    if (who !== '') return undefined;
    return (await this.#reach('read', () => this.#storage.get(this.#guestKey))) ?? undefined;
  }

  async #reach<T>(how: 'read' | 'write', task: () => T | Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      const told = how === 'read' ? 'could not be read' : 'could not be written';
      throw new CognateError('storage', `The storage of credentials ${told}`, { cause });
    }
  }
}

function isFresh({ expiresAt }: Kept): boolean {
  const rest = expiresAt - Date.now();
  return rest > AHEAD_MS && rest < LIFETIME_MS_MAX;
}

function given({ identityId, accessKeyId, secretAccessKey, sessionToken, expiresAt }: Kept): Credentials {
  return {
    identityId,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: new Date(expiresAt),
  };
}

/** The login of one of our pools' users: the provider is the issuer without its scheme. */
function loginOf({ idToken, idClaims }: Session): Logins {
  const { iss } = idClaims;
  if (typeof iss !== 'string') throw badResponse();
  return { [iss.replace(/^https?:\/\//, '')]: idToken };
}

/** By how much the service's clock is ahead of ours, if it tells and it is much. */
function clockOf(headers: Headers): number {
  const aheadMs = Date.parse(headers.get('date') ?? '') - Date.now();
  return Math.abs(aheadMs) > SKEW_MS_MAX ? aheadMs : 0;
}

/** What was stored, unless it is spoiled: then it is fetched anew. */
function read(stored: string | null | undefined): Kept | undefined {
  try {
    const value: unknown = JSON.parse(stored ?? '');
    return isObject(value) && value['version'] === VERSION && isKept(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isKept(value: Record<string, unknown>): value is Record<string, unknown> & Kept {
  const texts = ['who', 'identityId', 'accessKeyId', 'secretAccessKey', 'sessionToken'];
  return texts.every((name) => typeof value[name] === 'string') && typeof value['expiresAt'] === 'number';
}
