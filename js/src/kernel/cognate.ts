// How does the whole service run in this process?

import { load } from '#kernel';

import { CognateError } from '../errors.js';
import type { Credentials, OpenOptions } from './options.js';
import { handlerOf, type SdkRequestHandler } from './sdk.js';
import { Here, type Service } from './service.js';
import { Tabs } from './tabs.js';
import { initSync } from './wasm/glue.js';

/** The documented credentials of development. */
const DEVELOPMENT: Credentials = {
  accessKeyId: 'AKIACOGNATEDEVELOP01',
  secretAccessKey: 'cognate/development/secret/access/key000',
};

let compiled: Promise<void> | undefined;

/** Compiles wasm once a process; what failed may go better the next time. */
function compile(given: OpenOptions['wasm']): Promise<void> {
  compiled ??= (async () => {
    try {
      initSync({ module: await (given === undefined ? load() : moduleAt(given)) });
    } catch (cause) {
      compiled = undefined;
      throw new CognateError('notSupported', "The kernel's wasm can't be loaded.", { cause });
    }
  })();
  return compiled;
}

async function moduleAt(given: string | URL | WebAssembly.Module): Promise<WebAssembly.Module> {
  if (given instanceof WebAssembly.Module) return given;
  return WebAssembly.compile(await (await fetch(given)).arrayBuffer());
}

/**
 * The whole service, in this process or page.
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
  /** Where clients believe the service to be. */
  readonly endpoint = 'http://localhost';
  /** The administrator's credentials. */
  readonly credentials: Credentials;
  /** For AWS's SDK for JavaScript, so that its requests never leave the process. */
  readonly requestHandler: SdkRequestHandler;
  readonly #service: Service;

  private constructor(options: OpenOptions, service: Service) {
    this.#service = service;
    this.credentials = options.credentials ?? DEVELOPMENT;
    this.requestHandler = handlerOf(this.fetch);
  }

  /**
   * Opens the service over the records of a store.
   *
   * @throws CognateError `storeInUse` if somebody else has the store open, `storeCorrupt` if it was
   * spoiled, `storeFull` or `storage` if it can't be read or written; `badOptions` if an option is
   * wrong; `notSupported` if there is no WebCrypto (pages have it over TLS and on `localhost`), or no
   * WebAssembly.
   */
  static async open(options: OpenOptions = {}): Promise<Cognate> {
    if (globalThis.crypto?.subtle === undefined) {
      throw new CognateError('notSupported', 'There is no WebCrypto here.');
    }
    await compile(options.wasm);
    const here = () => Here.open(options);
    const name = options.store?.sharedAs;
    const isShared = name !== undefined && Tabs.areHere;
    return new Cognate(options, await (isShared ? Tabs.open(name, here) : here()));
  }

  /**
   * Answers a request, as a server would. The answer is given once all that it stands on is kept.
   *
   * @throws CognateError `storeFull` or `storage` if it could not be kept: then nothing came of it,
   * and the service goes on with what is kept. `network` if the tab that ran the service was closed
   * meanwhile.
   */
  readonly fetch = (request: Request): Promise<Response> => this.#service.fetch(request);

  /** All records, for {@link OpenOptions.snapshot}. They hold what must not be published. */
  snapshot(): Promise<Uint8Array> {
    return this.#service.snapshot();
  }

  /** Lets go of the store. */
  async close(): Promise<void> {
    await this.#service.close();
  }
}
