// How do calls run over the records of a store? By the loop that every host of the kernel runs.

import { CognateError } from '../errors.js';
import { makeKey, sign, verify } from './crypto.js';
import { document } from './documents.js';
import { type Answer, type Errand, type Frame, open } from './frame.js';
import { invoke } from './functions.js';
import { Keeper } from './keeper.js';
import type { OpenOptions } from './options.js';
import { bodyOf, headOf } from './request.js';
import { sentenceOf, storeFault } from './store/fault.js';
import { Embedded } from './wasm/glue.js';

type Bytes = Uint8Array<ArrayBuffer>;
type Answered = { head: Answer; body: Bytes };

/** The journal is written anew once it is so long, and several times what it comes to. */
const JOURNAL_BYTES_MIN = 1 << 20;
const JOURNAL_TIMES_MAX = 4;

/** Timers take no longer; one that rings too early finds nothing to do. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * A kernel and what it knows, from when the records were read until one could not be kept: then all
 * that it knows is no longer what is kept, and another takes over.
 */
export class Life {
  readonly #options: OpenOptions;
  readonly #kernel: Embedded;
  readonly #keeper: Keeper | undefined;
  #journalBytes = 0;
  #snapshotBytes = 0;
  #alarmMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Why it ended. */
  failure: CognateError | undefined;

  private constructor(options: OpenOptions, kernel: Embedded) {
    this.#options = options;
    this.#kernel = kernel;
    this.#keeper = options.store && new Keeper(options.store);
  }

  /** Begins with what the store has, or else with the snapshot. */
  static async begin(options: OpenOptions): Promise<Life> {
    const life = new Life(options, kernelFor(options));
    const { snapshot, store } = options;
    try {
      const kept = await store?.read();
      if (kept?.length) {
        life.#journalBytes = life.#load(kept);
        // What was cut off was never answered; nothing may come after it.
        if (life.#journalBytes < kept.length) await life.#replace();
      } else if (snapshot) {
        if (life.#load(snapshot) < snapshot.length) throw corrupt('The snapshot is cut off.');
        await life.#replace();
      }
    } catch (cause) {
      throw storeFault("The store can't be opened", cause);
    }
    // What was under way goes on.
    life.#setAlarm();
    return life;
  }

  /** Answers a request once all that the answer stands on is kept. */
  async answer(request: Request): Promise<Response> {
    const body = await bodyOf(request);
    const head = headOf(request, body);
    const answered = await this.#run(() => this.#kernel.receive(head, body, Date.now()));
    const { headers: pairs, status } = answered.head;
    const headers = new Headers();
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      headers.append(pairs[i] as string, pairs[i + 1] as string);
    }
    const content = answered.body.length === 0 ? null : answered.body;
    return new Response(content, { status, headers });
  }

  /** All records. */
  snapshot(): Bytes {
    if (this.failure) throw this.failure;
    return this.#kernel.snapshot();
  }

  /** Nothing happens any more; done when what did is kept. */
  async end(failure: CognateError): Promise<void> {
    this.failure ??= failure;
    clearTimeout(this.#timer);
    await this.#keeper?.settled().catch(() => {});
  }

  #load(journal: Uint8Array): number {
    try {
      return this.#kernel.load(journal);
    } catch (sentence) {
      throw corrupt(String(sentence));
    }
  }

  async #replace(): Promise<void> {
    const all = this.#kernel.snapshot();
    await this.#options.store?.replace(all);
    this.#journalBytes = this.#snapshotBytes = all.length;
  }

  /** Runs a call to its answer, which stands when it comes. */
  async #run(begin: () => Uint8Array): Promise<Answered> {
    let { head, body } = await this.#step(begin);
    while (head.kind !== 'answer') {
      const errand = head;
      const sent = body;
      if (errand.kind === 'forward') {
        const { place } = errand;
        ({ head, body } = await this.#step(() => this.#kernel.begin(place, sent, Date.now())));
      } else {
        ({ head, body } = await this.#step(await this.#perform(errand, sent)));
      }
    }
    if (head.log !== undefined) this.#log(head.log);
    return head.holes ? await filled(head, body) : { head, body };
  }

  /** Calls into wasm, and keeps what it wrote down. */
  async #step(use: () => Uint8Array): Promise<Frame> {
    const frame = this.#inWasm(use);
    const written = this.#kernel.takeJournal();
    try {
      // Even if it wrote nothing, it may have seen what another call wrote and is not kept yet.
      await (written.length > 0 ? this.#keep(written) : this.#keeper?.settled());
    } catch (cause) {
      throw this.#fail(storeFault('A change could not be kept', cause));
    }
    return open(frame);
  }

  #inWasm(use: () => Uint8Array): Uint8Array {
    if (this.failure) throw this.failure;
    try {
      const frame = use();
      this.#setAlarm();
      return frame;
    } catch (cause) {
      const failure = new CognateError('server', 'The service broke.', { cause });
      // What is kept is whole, whatever is not in memory any more. Without a store, that is all.
      throw this.#options.store ? this.#fail(failure) : failure;
    }
  }

  #fail(failure: CognateError): CognateError {
    clearTimeout(this.#timer);
    this.failure ??= failure;
    return this.failure;
  }

  #keep(written: Uint8Array): Promise<void> | undefined {
    this.#journalBytes += written.length;
    const longest = Math.max(JOURNAL_BYTES_MIN, JOURNAL_TIMES_MAX * this.#snapshotBytes);
    if (this.#keeper && this.#journalBytes > longest) {
      const all = this.#kernel.snapshot();
      this.#journalBytes = this.#snapshotBytes = all.length;
      // What is in the snapshot already does no harm when it is applied again.
      this.#keeper.replace(all);
    }
    return this.#keeper?.append(written);
  }

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
      run.catch((error) => this.#log(sentenceOf(error)));
    };
    this.#timer = setTimeout(ring, Math.min(Math.max(0, alarmMs - Date.now()), TIMER_MS_MAX));
    (this.#timer as { unref?(): void }).unref?.();
  }

  /** Does what a call waits for, and says how it goes on. */
  async #perform(errand: Errand, body: Bytes): Promise<() => Uint8Array> {
    const { id } = errand;
    try {
      switch (errand.kind) {
        case 'call': {
          const { place } = errand;
          const answered = await this.#run(() => this.#kernel.begin(place, body, Date.now()));
          return () => this.#kernel.called(id, answered.head.status, answered.body, Date.now());
        }
        case 'deliver':
          await this.#options.deliver?.(JSON.parse(new TextDecoder().decode(body)));
          return () => this.#kernel.delivered(id, Date.now());
        case 'fetch': {
          const { status, body: read } = await document(errand, body);
          return () => this.#kernel.called(id, status, read, Date.now());
        }
        case 'invoke': {
          const returned = await invoke(this.#options.functions, errand, body);
          return () => this.#kernel.returned(id, returned, Date.now());
        }
        case 'makeKey': {
          const { privateKey, publicKey } = await makeKey(errand.algorithm);
          return () => this.#kernel.made(id, privateKey, publicKey, Date.now());
        }
        case 'verify': {
          const [signature, message] = split(body, errand.signatureBytes);
          const isRight = await verify(errand, signature, message);
          return () => this.#kernel.verified(id, isRight, Date.now());
        }
      }
    } catch (error) {
      if (error === this.failure) throw error;
      return () => this.#kernel.failed(id, sentenceOf(error), Date.now());
    }
  }

  #log(line: string): void {
    (this.#options.log ?? console.error)(line);
  }
}

function kernelFor(options: OpenOptions): Embedded {
  const { addressHeader, credentials, deliver, issuer, publicUrl, rootKey } = options;
  const delivers = deliver !== undefined;
  const told = { ...credentials, addressHeader, delivers, issuer, publicUrl, rootKey };
  try {
    return new Embedded(JSON.stringify(told));
  } catch (sentence) {
    throw new CognateError('badOptions', String(sentence));
  }
}

function split(bytes: Bytes, at: number): [Bytes, Bytes] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function corrupt(sentence: string): CognateError {
  return new CognateError('storeCorrupt', sentence);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Signs what is to be signed in an answer. */
async function filled(head: Answer, body: Bytes): Promise<Answered> {
  const holes = head.holes ?? [];
  const signatures = await Promise.all(holes.map(sign)).catch((cause) => {
    throw new CognateError('server', 'A token could not be signed.', { cause });
  });
  const fill = (text: string) =>
    holes.reduce((all, { hole }, n) => all.replaceAll(hole, signatures[n] as string), text);
  return {
    head: { ...head, headers: head.headers.map(fill) },
    body: encoder.encode(fill(decoder.decode(body))),
  };
}
