// Where are public documents kept near their readers? In KV, which may be stale for a while.

import type { CacheEntry } from "./frame";

type Kept = { headers: [string, string][] };

/** KV keeps nothing for less. */
const TTL_S_MIN = 60;
/** KV takes no longer keys. */
const KEY_BYTES_MAX = 512;

const encoder = new TextEncoder();

function fits(key: string): boolean {
  return encoder.encode(key).byteLength <= KEY_BYTES_MAX;
}

export async function documentFrom(
  cache: KVNamespace,
  { key }: CacheEntry,
): Promise<Response | undefined> {
  if (!fits(key)) return undefined;
  try {
    const { value, metadata } = await cache.getWithMetadata<Kept>(key, "arrayBuffer");
    if (value === null || metadata === null) return undefined;
    return new Response(value, { headers: metadata.headers });
  } catch (error) {
    console.error("the cache can't be read:", String(error));
    return undefined;
  }
}

export async function keepDocument(
  cache: KVNamespace,
  { key, maxAgeS }: CacheEntry,
  response: Response,
): Promise<void> {
  if (!fits(key)) return;
  const headers = [...response.headers].filter(([name]) => name !== "x-amzn-requestid");
  const options = { expirationTtl: Math.max(TTL_S_MIN, maxAgeS), metadata: { headers } };
  try {
    await cache.put(key, await response.arrayBuffer(), options);
  } catch (error) {
    console.error("the cache can't be written:", String(error));
  }
}
