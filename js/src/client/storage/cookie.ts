import type { TokenStorage } from '../storage.js';

/** Browsers refuse a cookie of more than 4096 bytes with its name; some count attributes too. */
const PART_CHARS_MAX = 3500;
const PARTS_MAX = 20;
const MAX_AGE_S = 30 * 24 * 60 * 60;

/** Cookies of one request: what came with it, and how to send more back. */
export interface CookieJar {
  /** The request's `Cookie` header, or the like of `document.cookie`. */
  read(): string | null | undefined;
  /** Adds a `Set-Cookie` header to the response. */
  write(cookie: string): void;
}

/** How cookies are set. */
export interface CookieOptions {
  /** On servers: the cookies of the request at hand. In pages: `document.cookie`, if left out. */
  jar?: CookieJar;
  /** To which paths they are sent; `/` if left out. */
  path?: string;
  /** To which domain and all below it; the page's own alone if left out. */
  domain?: string;
  /** Whether they come along from other sites' links; `lax` if left out. */
  sameSite?: 'strict' | 'lax' | 'none';
  /** Whether they are sent over TLS only; true if left out. */
  secure?: boolean;
  /** How long they are kept, in seconds; 30 days if left out. */
  maxAgeS?: number;
}

/**
 * Keeps the session in cookies, so that a server that renders pages sees it, too. It is written in
 * parts, for it is longer than one cookie may be.
 *
 * @example In a page
 * ```ts
 * createClient({ userPoolId, clientId, storage: cookieStorage() });
 * ```
 *
 * @example On a server, a client for each request
 * ```ts
 * const headers = new Headers();
 * const jar = {
 *   read: () => request.headers.get('cookie'),
 *   write: (cookie) => headers.append('set-cookie', cookie),
 * };
 * const client = createClient({ userPoolId, clientId, storage: cookieStorage({ jar }) });
 * const session = await getSession(client);
 * ```
 */
export function cookieStorage(options: CookieOptions = {}): TokenStorage {
  const { jar = PAGE } = options;
  const inPage = jar === PAGE;
  // What a server sends back it does not see in the request.
  const written = new Map<string, string>();
  const cookies = (): Map<string, string> => new Map([...parse(jar.read() ?? ''), ...written]);
  const write = (name: string, value: string): void => {
    const maxAgeS = value === '' ? 0 : (options.maxAgeS ?? MAX_AGE_S);
    jar.write(`${name}=${value}${attributes(options, maxAgeS)}`);
    if (!inPage) written.set(name, value);
  };
  const removeFrom = (key: string, first: number): void => {
    const all = cookies();
    for (let part = first; part < PARTS_MAX; part += 1) {
      if (all.get(`${key}.${part}`)) write(`${key}.${part}`, '');
    }
    if (inPage) tellOthers(key);
  };
  return {
    get: (key) => join(cookies(), key),
    set(key, value) {
      const parts = split(value);
      parts.forEach((part, index) => write(`${key}.${index}`, part));
      removeFrom(key, parts.length);
      // A browser drops what it does not want without a word.
      if (join(cookies(), key) !== value) throw new Error('the cookies were not kept');
    },
    remove: (key) => removeFrom(key, 0),
    shared: inPage,
    watch: (key, changed) => (inPage ? listenToOthers(key, changed) : () => {}),
  };
}

/** Each part begins with how many there are and a tag that all parts of one text share. */
function split(text: string): string[] {
  const encoded = encodeURIComponent(text);
  const count = Math.ceil(encoded.length / PART_CHARS_MAX);
  if (count > PARTS_MAX) throw new Error('too long for cookies');
  const tag = Math.random().toString(36).slice(2, 8);
  return Array.from({ length: count }, (_, index) => {
    const part = encoded.slice(index * PART_CHARS_MAX, (index + 1) * PART_CHARS_MAX);
    return `${count}.${tag}.${part}`;
  });
}

function join(cookies: ReadonlyMap<string, string>, key: string): string | null {
  const first = cookies.get(`${key}.0`);
  if (!first) return null;
  const head = /^(\d+)\.\w+\./.exec(first)?.[0];
  if (head === undefined) throw new Error('the cookies are spoiled');
  const parts = Array.from({ length: Number.parseInt(head, 10) }, (_, index) => {
    const part = cookies.get(`${key}.${index}`);
    if (!part?.startsWith(head)) throw new Error('the cookies are spoiled');
    return part.slice(head.length);
  });
  return decodeURIComponent(parts.join(''));
}

function parse(header: string): Map<string, string> {
  const pairs = header.split(';').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return at < 0 ? ['', ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return new Map(pairs);
}

function attributes(options: CookieOptions, maxAgeS: number): string {
  const { path = '/', domain, sameSite = 'lax', secure = true } = options;
  const same = sameSite[0]!.toUpperCase() + sameSite.slice(1);
  return [
    `; Path=${path}; Max-Age=${maxAgeS}; SameSite=${same}`,
    domain === undefined ? '' : `; Domain=${domain}`,
    secure ? '; Secure' : '',
  ].join('');
}

const PAGE: CookieJar = {
  read: () => document.cookie,
  write(cookie) {
    document.cookie = cookie;
  },
};

/** Browsers tell other pages of changed storage, but not of changed cookies. */
function tellOthers(key: string): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(key);
  channel.postMessage(null);
  channel.close();
}

function listenToOthers(key: string, changed: () => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => {};
  const channel = new BroadcastChannel(key);
  channel.onmessage = changed;
  return () => channel.close();
}
