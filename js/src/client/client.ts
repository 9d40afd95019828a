import { CognateError } from '../errors.js';
import type { Session } from './session.js';
import { memoryStorage } from './storage/memory.js';
import type { TokenStorage } from './storage.js';

const TIMEOUT_MS = 15_000;

/** What a client needs to know. */
export interface ClientOptions {
  /** The pool, such as `eu-west-1_AbCdEfGhI`. */
  userPoolId: string;
  /** The app client of that pool. */
  clientId: string;
  /** The app client's secret, if it has one. On servers only: pages cannot keep secrets. */
  clientSecret?: string;
  /** Where the service is. Left out, it is Amazon Cognito in the region that the pool's id names. */
  endpoint?: string | URL;
  /** Where the session is kept; in memory if left out. */
  storage?: TokenStorage;
  /** What sends requests; the platform's `fetch` if left out. */
  fetch?: (request: Request) => Promise<Response>;
  /** How long the service may take to answer; 15 seconds if left out. */
  timeoutMs?: number;
  /**
   * The package's `srp.wasm`, or where it is, for bundlers that do not bring it along by themselves
   * (esbuild): it is exported as `cognate/client/srp.wasm`.
   */
  wasm?: string | URL | WebAssembly.Module;
}

/** An app client of a pool, to be given to every function. */
export interface Client {
  /** The pool. */
  readonly userPoolId: string;
  /** The app client. */
  readonly clientId: string;
  /** Where the service is. */
  readonly endpoint: string;
  /** @internal */
  readonly inner: Inner;
}

/** @internal */
export interface Inner {
  readonly clientSecret: string | undefined;
  readonly storage: TokenStorage;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
  readonly wasm: string | URL | WebAssembly.Module | undefined;
  /** Under which the session is stored. */
  readonly key: string;
  /** What the pool is called in proofs of a password. */
  readonly poolName: string;
  readonly listeners: Set<(session: Session | null) => void>;
  /** The session that storage did not take; it counts in the place of the stored one. */
  unsaved: Session | null | undefined;
  /** The refresh in flight. */
  refreshing: Promise<Session> | undefined;
  /** Set once the service turned out not to know GetTokensFromRefreshToken. */
  refreshesByInitiateAuth: boolean;
}

/**
 * Makes a client. It asks the service nothing.
 *
 * @example Amazon Cognito
 * ```ts
 * const client = createClient({
 *   userPoolId: 'eu-west-1_AbCdEfGhI',
 *   clientId: '1h57kf5cpq17m0eml12EXAMPLE',
 *   storage: browserStorage('local'),
 * });
 * ```
 *
 * @example Cognate
 * ```ts
 * const client = createClient({ userPoolId, clientId, endpoint: 'https://id.example.com' });
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const { userPoolId, clientId, timeoutMs = TIMEOUT_MS } = options;
  const [, region, poolName] = /^([\w-]+)_([0-9A-Za-z]+)$/.exec(userPoolId) ?? [];
  if (region === undefined || poolName === undefined) {
    throw new CognateError('badOptions', 'userPoolId is not of the form region_name');
  }
  if (!/^[\w+]+$/.test(clientId)) {
    throw new CognateError('badOptions', 'clientId is not the id of an app client');
  }
  if (!(timeoutMs > 0)) throw new CognateError('badOptions', 'timeoutMs is not above 0');
  return {
    userPoolId,
    clientId,
    endpoint: endpointOf(options.endpoint ?? amazonCognito('cognito-idp', region)),
    inner: {
      clientSecret: options.clientSecret,
      storage: options.storage ?? memoryStorage(),
      // Wrapped: browsers insist that it is called on the global object.
      fetch: options.fetch ?? ((request) => fetch(request)),
      timeoutMs,
      wasm: options.wasm,
      key: `cognate.${clientId}`,
      poolName,
      listeners: new Set(),
      unsaved: undefined,
      refreshing: undefined,
      refreshesByInitiateAuth: false,
    },
  };
}

/** @internal */
export function endpointOf(given: string | URL): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch (cause) {
    throw new CognateError('badOptions', 'endpoint is not a URL', { cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new CognateError('badOptions', 'endpoint is neither https: nor http:');
  }
  return url.href;
}

/** @internal */
export function amazonCognito(service: string, region: string): string {
  const suffix = region.startsWith('cn-')
    ? 'amazonaws.com.cn'
    : region.startsWith('eusc-')
      ? 'amazonaws.eu'
      : 'amazonaws.com';
  return `https://${service}.${region}.${suffix}/`;
}
