// How does the whole service run in this process? By the loop that every host of the kernel runs.

import { CognateError } from '../errors.js';
import { type Head, open } from './frame.js';
import { makeKey, platform } from './platform.js';
import { bodyOf, headOf } from './request.js';
import type { Store } from './store.js';
import { Embedded, initSync } from './wasm/glue.js';

/** A message to a person. */
export interface Delivery {
  medium: 'EMAIL' | 'SMS';
  /** An e-mail address, or a phone number in E.164. */
  destination: string;
  /** Text messages have none. */
  subject: string | null;
  body: string;
  /** The code or the temporary password in the text, on its own. */
  code: string;
  reason: string;
  userPoolId: string;
  clientId: string | null;
  username: string;
}

/** An access key as AWS's SDKs take it. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** How to run the service. */
export interface OpenOptions {
  /** Where records are kept; by default in memory only. */
  store?: Store;
  /** What {@link Cognate.snapshot} gave: the records to begin with, if the store has none. */
  snapshot?: Uint8Array;
  /** The administrator's credentials; by default those of development, for local hosts only. */
  credentials?: Credentials;
  /** 64 hexadecimal digits from which all keys at rest are derived; by default known to everybody. */
  rootKey?: string;
  /** The URL under which the service is known; by default the one that a request comes to. */
  publicUrl?: string;
  /** `aws` has tokens name Amazon's own issuer. */
  issuer?: 'aws';
  /** Hands messages to people; by default they land in the outbox, `/_cognate/outbox.json`. */
  deliver?: (delivery: Delivery) => void | Promise<void>;
  /** Takes lines for the operator; by default `console.error`. */
  log?: (line: string) => void;
}

/** What a request handler of AWS's SDK for JavaScript is given. */
export interface SdkRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

/** The documented credentials of development. */
const DEVELOPMENT: Credentials = {
  accessKeyId: 'AKIACOGNATEDEVELOP01',
  secretAccessKey: 'cognate/development/secret/access/key000',
};

/** The journal is written anew once it is so long, and several times what it comes to. */
const JOURNAL_BYTES_MIN = 1 << 20;
const JOURNAL_TIMES_MAX = 4;

/** Timers take no longer; one that rings too early finds nothing to do. */
const TIMER_MS_MAX = 2 ** 31 - 1;

let compiled: Promise<void> | undefined;

/** Compiles wasm once a process. */
function compile(): Promise<void> {
  compiled ??= (async () => {
    const url = new URL('./wasm/kernel.wasm', import.meta.url);
    const { readFile } = await import('node:fs/promises');
    initSync({ module: await WebAssembly.compile(await readFile(url)) });
  })();
  return compiled;
}

/**
 * The whole service, in this process.
 *
 * @example
 * ```ts
 * const cognate = await Cognate.open();
 * const client = new CognitoIdentityProviderClient({
 *   region: 'eu-west-1',
 *   endpoint: cognate.endpoint,
 *   credentials: cognate.credentials,
 *   requestHandler: cognate.requestHandler,
 * });
 * await client.send(new CreateUserPoolCommand({ PoolName: 'mine' }));
 * ```
 */
export class Cognate {
  /** Where AWS's SDKs believe the service to be. */
  readonly endpoint = 'http://localhost';
  /** The administrator's credentials. */
  readonly credentials: Credentials;
  /** For AWS's SDK for JavaScript, so that its requests never leave the process. */
  readonly requestHandler: {
    handle(request: SdkRequest): Promise<{
      response: { statusCode: number; headers: Record<string, string>; body: unknown };
    }>;
  };
  readonly #options: OpenOptions;
  #kernel: Embedded;
  #journalBytes = 0;
  #snapshotBytes = 0;
  #failure: CognateError | undefined;

  private constructor(options: OpenOptions, kernel: Embedded) {
    this.#options = options;
    this.#kernel = kernel;
    this.credentials = options.credentials ?? DEVELOPMENT;
    this.requestHandler = { handle: (request) => this.#handle(request) };
  }

  /**
   * Opens the service over the records of a store.
   *
   * @throws CognateError `storage` if they can't be read, `badOptions` if an option is wrong.
   */
  static async open(options: OpenOptions = {}): Promise<Cognate> {
    await compile();
    const { credentials, deliver, issuer, publicUrl, rootKey, store } = options;
    const told = { ...credentials, delivers: deliver !== undefined, issuer, publicUrl, rootKey };
    let kernel: Embedded;
    try {
      kernel = new Embedded(JSON.stringify(told), platform);
    } catch (sentence) {
      throw new CognateError('badOptions', String(sentence));
    }
    const cognate = new Cognate(options, kernel);
    try {
      await cognate.#load();
    } catch (cause) {
      await store?.close();
      throw new CognateError('storage', `The store can't be opened: ${sentenceOf(cause)}`, { cause });
    }
    return cognate;
  }

  /**
   * Answers a request, as a server would. The answer is given once all that it stands on is kept.
   *
   * @throws CognateError `storage` if it could not be kept. Then nothing is answered any more until
   * the store is opened again.
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    const head = headOf(request);
    const body = await bodyOf(request);
    const answer = await this.#run(() => this.#kernel.receive(head, body, Date.now()));
    const headers = new Headers();
    for (let i = 0; i + 1 < answer.headers.length; i += 2) {
      headers.append(answer.headers[i] as string, answer.headers[i + 1] as string);
    }
    const isEmpty = answer.body.length === 0;
    return new Response(isEmpty ? null : answer.body, { status: answer.status, headers });
  };

  /** All records, for {@link OpenOptions.snapshot}. They hold what must not be published. */
  snapshot(): Uint8Array {
    return this.#kernel.snapshot();
  }

  /** Lets go of the store. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#failure ??= new CognateError('storage', 'The service was closed.');
    await this.#options.store?.close();
  }

  async #load(): Promise<void> {
    const { snapshot, store } = this.#options;
    const kept = await store?.read();
    if (kept?.length) {
      this.#journalBytes = this.#kernel.load(kept);
      // What was cut off was never answered; nothing may come after it.
      if (this.#journalBytes < kept.length) await this.#rewrite();
    } else if (snapshot) {
      if (this.#kernel.load(snapshot) < snapshot.length) throw new Error('The snapshot is cut off.');
      await this.#rewrite();
    }
    // What was under way goes on.
    this.#setAlarm();
  }

  async #rewrite(): Promise<void> {
    const all = this.#kernel.snapshot();
    this.#journalBytes = this.#snapshotBytes = all.length;
    await this.#options.store?.replace(all);
  }

  /** Runs a call to its answer, which stands when it comes. */
  async #run(begin: () => Uint8Array): Promise<Extract<Head, { kind: 'answer' }> & { body: Uint8Array<ArrayBuffer> }> {
    let { head, body } = open(await this.#step(begin));
    while (head.kind !== 'answer') {
      const errand = head;
      const sent = body;
      if (errand.kind === 'forward') {
        const { place } = errand;
        ({ head, body } = open(await this.#step(() => this.#kernel.begin(place, sent, Date.now()))));
      } else {
        const resume = await this.#perform(errand, sent);
        ({ head, body } = open(await this.#step(resume)));
      }
    }
    if (head.log !== undefined) (this.#options.log ?? console.error)(head.log);
    return { ...head, body };
  }

  /** Calls into wasm, and keeps what it wrote down. */
  async #step(use: () => Uint8Array): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    const frame = use();
    this.#setAlarm();
    const { store } = this.#options;
    const written = this.#kernel.takeJournal();
    if (!store) return frame;
    try {
      if (written.length > 0) {
        this.#journalBytes += written.length;
        await (this.#kept = this.#keep(store, written));
      } else {
        // It may have seen what another call has written and not kept yet.
        await this.#kept;
      }
    } catch (cause) {
      const message = `A change could not be kept: ${sentenceOf(cause)}`;
      this.#failure ??= new CognateError('storage', message, { cause });
      throw this.#failure;
    }
    return frame;
  }

  #kept: Promise<void> = Promise.resolve();
  #alarmMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Has what is due by itself run in time. It keeps no process alive. */
  #setAlarm(): void {
    const alarmMs = this.#kernel.alarm();
    if (alarmMs === this.#alarmMs) return;
    clearTimeout(this.#timer);
    this.#alarmMs = alarmMs;
    if (alarmMs === undefined) return;
    const ring = () => {
      this.#alarmMs = undefined;
      const run = this.#run(() => this.#kernel.wake(Date.now()));
      run.catch((error) => (this.#options.log ?? console.error)(sentenceOf(error)));
    };
    this.#timer = setTimeout(ring, Math.min(Math.max(0, alarmMs - Date.now()), TIMER_MS_MAX));
    (this.#timer as { unref?(): void }).unref?.();
  }

  #keep(store: Store, written: Uint8Array): Promise<void> {
    const longest = Math.max(JOURNAL_BYTES_MIN, JOURNAL_TIMES_MAX * this.#snapshotBytes);
    // What is in the snapshot already does no harm when it is applied again.
    if (this.#journalBytes > longest) this.#rewrite().catch(() => {});
    return store.append(written);
  }

  /** Does what a call waits for, and says how it goes on. */
  async #perform(
    errand: Exclude<Head, { kind: 'answer' | 'forward' }>,
    body: Uint8Array,
  ): Promise<() => Uint8Array> {
    const { id } = errand;
    try {
      switch (errand.kind) {
        case 'call': {
          const { place } = errand;
          const answer = await this.#run(() => this.#kernel.begin(place, body, Date.now()));
          return () => this.#kernel.called(id, answer.status, answer.body, Date.now());
        }
        case 'deliver':
          await this.#options.deliver?.(JSON.parse(new TextDecoder().decode(body)));
          return () => this.#kernel.delivered(id, Date.now());
        case 'makeKey': {
          const { privateKey, publicKey } = await makeKey(errand.algorithm);
          return () => this.#kernel.made(id, privateKey, publicKey, Date.now());
        }
      }
    } catch (error) {
      if (error === this.#failure) throw error;
      return () => this.#kernel.failed(id, sentenceOf(error), Date.now());
    }
  }

  async #handle(request: SdkRequest): ReturnType<Cognate['requestHandler']['handle']> {
    const { body, headers, hostname, method, path, port, protocol, query = {} } = request;
    const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value].flat()) url.searchParams.append(name, one ?? '');
    }
    const init = { method, headers, body: (body as BodyInit | undefined) || null };
    const response = await this.fetch(new Request(url, init));
    return {
      response: {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        body: response.body,
      },
    };
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
