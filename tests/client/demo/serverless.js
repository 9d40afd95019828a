// The same without a server: the whole service in the page. In place of `environment.js`.

import { Cognate, indexedDbStore } from 'cognate/kernel';

/** A pool with a client, as `Cognate.snapshot` gave it, is where an empty store begins. */
export async function environment() {
  const snapshot = new Uint8Array(await (await fetch('./start.records')).arrayBuffer());
  const cognate = await Cognate.open({ store: indexedDbStore('demo'), snapshot });
  // For whoever looks in from outside.
  Object.assign(globalThis, { cognate });
  return { endpoint: cognate.endpoint, fetch: cognate.fetch };
}
