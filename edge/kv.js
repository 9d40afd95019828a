// What answers a KV binding on bare workerd, which turns each KV operation into an HTTP request?
//
// A Durable Object with one table. The requests are workerd's:
//   GET /{key}, PUT /{key}, DELETE /{key}     with ?urlencoded=true the key is percent-encoded
//   GET /?prefix&cursor&key_count_limit       one page of keys
//   POST /bulk/get                            several keys at once, as JSON
// Not for production: Cloudflare's own KV is what answers there.

import { DurableObject } from "cloudflare:workers";

const EXPIRATION = "CF-Expiration";
const METADATA = "CF-KV-Metadata";
const LIST_MAX = 1000;
const BULK_MAX = 100;
const KEY_BYTES_MAX = 512;
const TTL_S_MIN = 60;

export default {
  fetch(request, env) {
    return env.NAMESPACE.getByName("cache").fetch(request);
  },
};

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Namespace extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(`CREATE TABLE IF NOT EXISTS entry (
      name TEXT PRIMARY KEY, value BLOB NOT NULL, metadata TEXT, expires_s INTEGER
    ) WITHOUT ROWID`);
  }

  async fetch(request) {
    try {
      return await this.answer(request, new URL(request.url));
    } catch (error) {
      if (error instanceof Refusal) {
        return new Response(error.message, { status: error.status, statusText: error.message });
      }
      throw error;
    }
  }

  async answer(request, url) {
    if (request.method === "POST" && url.pathname === "/bulk/get") {
      return this.getMany(await request.json());
    }
    if (request.method === "GET" && url.pathname === "/") {
      return this.list(url.searchParams);
    }
    const name = nameIn(url);
    switch (request.method) {
      case "GET":
        return this.get(name);
      case "PUT":
        return this.put(name, request, url.searchParams);
      case "DELETE":
        this.sql.exec("DELETE FROM entry WHERE name = ?", name);
        return new Response();
      default:
        throw new Refusal(405, "Method Not Allowed");
    }
  }

  find(name) {
    const [entry] = this.sql.exec(
      "SELECT value, metadata, expires_s FROM entry " +
        "WHERE name = ? AND (expires_s IS NULL OR expires_s > ?)",
      name,
      nowSeconds(),
    );
    return entry;
  }

  get(name) {
    const entry = this.find(name);
    if (entry === undefined) throw new Refusal(404, "Not Found");
    const headers = new Headers();
    if (entry.expires_s !== null) headers.set(EXPIRATION, String(entry.expires_s));
    if (entry.metadata !== null) headers.set(METADATA, entry.metadata);
    return new Response(entry.value, { headers });
  }

  getMany({ keys, type = "text", withMetadata = false }) {
    if (keys.length < 1 || keys.length > BULK_MAX) {
      throw new Refusal(400, `Between 1 and ${BULK_MAX} keys can be read at once`);
    }
    const found = {};
    for (const name of keys) {
      const entry = this.find(name);
      const text = entry && new TextDecoder().decode(entry.value);
      const value = text === undefined ? null : type === "json" ? parsed(text) : text;
      found[name] =
        withMetadata && value !== null
          ? { value, metadata: entry.metadata === null ? null : JSON.parse(entry.metadata) }
          : value;
    }
    return Response.json(found);
  }

  async put(name, request, query) {
    const value = await request.arrayBuffer();
    const now = nowSeconds();
    const ttl = wholeNumber(query, "expiration_ttl");
    const expires = ttl === null ? wholeNumber(query, "expiration") : now + ttl;
    if (expires !== null && expires < now + TTL_S_MIN) {
      throw new Refusal(400, `A value must live for at least ${TTL_S_MIN} seconds`);
    }
    this.sql.exec("DELETE FROM entry WHERE expires_s <= ?", now);
    this.sql.exec(
      "INSERT OR REPLACE INTO entry (name, value, metadata, expires_s) VALUES (?, ?, ?, ?)",
      name,
      value,
      request.headers.get(METADATA),
      expires,
    );
    return new Response();
  }

  list(query) {
    const limit = wholeNumber(query, "key_count_limit") ?? LIST_MAX;
    if (limit < 1 || limit > LIST_MAX) throw new Refusal(400, `A page has 1 to ${LIST_MAX} keys`);
    const prefix = query.get("prefix") ?? "";
    const cursor = query.get("cursor") ?? "";
    const rows = this.sql
      .exec(
        "SELECT name, metadata, expires_s FROM entry WHERE name > ?1 AND name >= ?2 " +
          "AND substr(name, 1, length(?2)) = ?2 AND (expires_s IS NULL OR expires_s > ?3) " +
          "ORDER BY name LIMIT ?4",
        cursor === "" ? "" : decodeURIComponent(cursor),
        prefix,
        nowSeconds(),
        limit + 1,
      )
      .toArray();
    const page = rows.slice(0, limit);
    const keys = page.map(({ name, metadata, expires_s }) => ({
      name,
      expiration: expires_s ?? undefined,
      metadata: metadata ?? undefined,
    }));
    const last = page.at(-1);
    return Response.json(
      rows.length > limit
        ? { keys, list_complete: false, cursor: encodeURIComponent(last.name), cacheStatus: null }
        : { keys, list_complete: true, cacheStatus: null },
    );
  }
}

function nameIn(url) {
  const name = url.pathname.slice(1);
  const encoded = url.searchParams.get("urlencoded") === "true";
  const decoded = encoded ? decodeURIComponent(name) : name;
  const bytes = new TextEncoder().encode(decoded).length;
  if (bytes < 1 || bytes > KEY_BYTES_MAX) {
    throw new Refusal(414, `A key has 1 to ${KEY_BYTES_MAX} bytes`);
  }
  return decoded;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "A value that was asked for is not JSON");
  }
}

function wholeNumber(query, name) {
  const text = query.get(name);
  if (text === null) return null;
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Refusal(400, `${name} is not a whole number`);
  return number;
}

function nowSeconds() {
  return Math.floor(Date.now() / 1000);
}
