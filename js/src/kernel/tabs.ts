// Who runs the service when several tabs have the same records? The first one, for all; when it is
// gone, whoever has waited longest. A lock says which one it is, a channel brings requests there.

import { CognateError, type CognateErrorCode } from '../errors.js';
import type { Service } from './service.js';

/** What tabs say to one another. */
type Said =
  | { kind: 'ask'; tab: string; id: number; asked: Asked }
  /** Somebody runs that request: whoever asked must not have it run twice. */
  | { kind: 'taken'; tab: string; id: number }
  | { kind: 'told'; tab: string; id: number; told: Told }
  /** Somebody else runs the service now. */
  | { kind: 'here' };

type Asked = { url: string; method: string; headers: [string, string][]; body: ArrayBuffer } | 'snapshot';

type Told =
  | { status: number; headers: [string, string][]; body: ArrayBuffer }
  | { snapshot: Uint8Array }
  | { code: CognateErrorCode; message: string };

interface Pending {
  asked: Asked;
  isTaken: boolean;
  resolve(told: Told): void;
  reject(error: CognateError): void;
}

/** A service that one tab runs for all. */
export class Tabs implements Service {
  readonly #open: () => Promise<Service>;
  readonly #channel: BroadcastChannel;
  readonly #name: string;
  readonly #tab = crypto.randomUUID();
  readonly #pending = new Map<number, Pending>();
  readonly #leaving = new AbortController();
  #lastId = 0;
  /** The service, if it is this tab that runs it. */
  #service: Promise<Service> | undefined;
  #leave: () => void = () => {};

  private constructor(name: string, open: () => Promise<Service>) {
    this.#name = name;
    this.#open = open;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
  }

  /** Whether this is a place that has tabs. */
  static get areHere(): boolean {
    return globalThis.navigator?.locks !== undefined && globalThis.BroadcastChannel !== undefined;
  }

  static async open(name: string, open: () => Promise<Service>): Promise<Tabs> {
    const tabs = new Tabs(name, open);
    try {
      if (await tabs.#take({ ifAvailable: true })) await tabs.#service;
      else tabs.#take({ signal: tabs.#leaving.signal }).catch(() => {});
    } catch (error) {
      await tabs.close();
      throw error;
    }
    return tabs;
  }

  async fetch(request: Request): Promise<Response> {
    if (this.#service) return (await this.#service).fetch(request);
    const { method, url } = request;
    const headers = [...request.headers];
    const body = await request.arrayBuffer();
    const told = await this.#ask({ url, method, headers, body });
    if (!('status' in told)) throw new CognateError('storage', 'Another tab answered nonsense.');
    const content = told.body.byteLength === 0 ? null : told.body;
    return new Response(content, { status: told.status, headers: told.headers });
  }

  async snapshot(): Promise<Uint8Array> {
    if (this.#service) return (await this.#service).snapshot();
    const told = await this.#ask('snapshot');
    if (!('snapshot' in told)) throw new CognateError('storage', 'Another tab answered nonsense.');
    return told.snapshot;
  }

  async close(): Promise<void> {
    this.#leaving.abort();
    for (const { reject } of this.#pending.values()) {
      reject(new CognateError('storage', 'The service was closed.'));
    }
    this.#pending.clear();
    const service = await this.#service?.catch(() => undefined);
    await service?.close();
    this.#channel.close();
    this.#leave();
  }

  /** Runs the service as soon as the lock is had; says whether it is. */
  #take(options: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const held = navigator.locks.request(this.#name, options, (lock) => {
        if (lock === null) return resolve(false);
        this.#lead();
        resolve(true);
        return new Promise<void>((leave) => {
          this.#leave = leave;
        });
      });
      held.catch(reject);
    });
  }

  #lead(): void {
    this.#service = this.#open();
    // Whoever asks is told.
    this.#service.catch(() => {});
    this.#say({ kind: 'here' });
    for (const [id, pending] of [...this.#pending]) {
      this.#pending.delete(id);
      if (pending.isTaken) pending.reject(gone());
      else this.#perform(pending.asked).then(pending.resolve);
    }
  }

  #say(said: Said): void {
    this.#channel.postMessage(said);
  }

  async #ask(asked: Asked): Promise<Exclude<Told, { code: unknown }>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const told = await new Promise<Told>((resolve, reject) => {
      this.#pending.set(id, { asked, isTaken: false, resolve, reject });
      if (!this.#leaving.signal.aborted) this.#say({ kind: 'ask', tab: this.#tab, id, asked });
      else reject(new CognateError('storage', 'The service was closed.'));
    });
    if ('code' in told) throw new CognateError(told.code, told.message);
    return told;
  }

  #hear(said: Said): void {
    if (said.kind === 'ask') {
      // Whoever is about to leave takes nothing on: the next one is asked again.
      if (this.#service && !this.#leaving.signal.aborted) this.#serve(said);
      return;
    }
    if (said.kind === 'here') {
      for (const [id, { asked, isTaken, reject }] of this.#pending) {
        if (!isTaken) this.#say({ kind: 'ask', tab: this.#tab, id, asked });
        else if (this.#pending.delete(id)) reject(gone());
      }
      return;
    }
    const pending = said.tab === this.#tab ? this.#pending.get(said.id) : undefined;
    if (!pending) return;
    if (said.kind === 'taken') {
      pending.isTaken = true;
    } else {
      this.#pending.delete(said.id);
      pending.resolve(said.told);
    }
  }

  async #serve({ asked, id, tab }: Extract<Said, { kind: 'ask' }>): Promise<void> {
    this.#say({ kind: 'taken', tab, id });
    const told = await this.#perform(asked);
    if (!this.#leaving.signal.aborted) this.#say({ kind: 'told', tab, id, told });
  }

  async #perform(asked: Asked): Promise<Told> {
    try {
      const service = (await this.#service) as Service;
      if (asked === 'snapshot') return { snapshot: await service.snapshot() };
      const { body, headers, method, url } = asked;
      const sent = method === 'GET' || method === 'HEAD' ? null : body;
      const response = await service.fetch(new Request(url, { method, headers, body: sent }));
      const { status } = response;
      return { status, headers: [...response.headers], body: await response.arrayBuffer() };
    } catch (error) {
      const isOurs = error instanceof CognateError;
      return isOurs
        ? { code: error.code, message: error.message }
        : { code: 'server', message: 'The tab that runs the service could not answer.' };
    }
  }
}

/** Nobody knows how far it came. */
function gone(): CognateError {
  return new CognateError('network', 'The tab that runs the service was closed before it answered.');
}
