// What came out of a call into wasm, and how does it become a response? `edge/src/frame.rs` says
// what a frame is.

import type { Access } from "./bucket";

/** What to do with the body of a frame. */
export type Head =
  | {
      kind: "answer";
      status: number;
      headers: string[];
      log?: string;
      isEmpty?: true;
      /** What goes on once the caller has it. */
      afterwards?: number;
    }
  | { kind: "access"; binding: string; access: Access; source?: string }
  | { kind: "ask"; binding: Binding; name: string }
  | Download
  | { kind: "read"; bytesMax: number }
  | { kind: "stream"; status: number; headers: string[] }
  | Upload
  | { kind: "forward"; binding: Binding; name: string; cache?: CacheEntry }
  | Errand;

/** A file that goes out page by page. */
export type Download = { kind: "download"; binding: Binding; name: string };

/** A file that comes in piece by piece. */
export type Upload = { kind: "upload"; binding: Binding; name: string; pieceBytes: number };

/** What a call waits for. */
export type Errand =
  | { kind: "call"; id: number; binding: Binding; name: string; limitMs: number }
  | {
      kind: "invoke";
      id: number;
      url: string;
      service?: string;
      headers: string[];
      limitMs: number;
      bytesMax: number;
    }
  | { kind: "fetch"; id: number; url: string; authorization?: string; limitMs: number }
  | { kind: "mail"; id: number; binding: string; limitMs: number }
  | {
      kind: "post";
      id: number;
      url: string;
      headers: string[];
      limitMs: number;
      bytesMax: number;
    };

const ERRANDS: Record<Errand["kind"], true> = {
  call: true,
  fetch: true,
  invoke: true,
  mail: true,
  post: true,
};

export function isErrand(head: Head): head is Errand {
  return head.kind in ERRANDS;
}

export type Binding = "ACCOUNT" | "IDENTITY_POOL" | "USER_POOL";
export type CacheEntry = { key: string; maxAgeS: number };
export type Answer = Extract<Head, { kind: "answer" }>;
export type Frame = { head: Head; body: Uint8Array };

export type Env = Record<Binding, DurableObjectNamespace> & { CACHE: KVNamespace };

const decoder = new TextDecoder();

export function open(frame: Uint8Array): Frame {
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  const head = JSON.parse(decoder.decode(frame.subarray(4, 4 + length)));
  return { head, body: frame.subarray(4 + length) };
}

export function respond({ status, headers }: Answer, body: Uint8Array): Response {
  const content = body.byteLength === 0 ? null : body;
  return new Response(content, { status, headers: headersFrom(headers) });
}

/** The same with a stream, of an object that was read. */
export function respondWith(
  { status, headers }: { status: number; headers: string[] },
  content: ReadableStream | null,
): Response {
  // What is kept compressed is sent as it is kept.
  return new Response(content, { status, headers: headersFrom(headers), encodeBody: "manual" });
}

/** Headers from names and values in turn: as a plain object, which is cheapest, if they allow. */
export function headersFrom(pairs: string[]): Record<string, string> | Headers {
  const single: Record<string, string> = {};
  const repeated: [string, string][] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [name, value] = [pairs[i] as string, pairs[i + 1] as string];
    if (name in single) repeated.push([name, value]);
    else single[name] = value;
  }
  if (repeated.length === 0) return single;
  const headers = new Headers(single);
  for (const [name, value] of repeated) headers.append(name, value);
  return headers;
}

/** Ids of objects that were asked lately, since making one is a hash; started anew when full. */
const ids = new Map<string, DurableObjectId>();
const IDS_MAX = 4096;

/** The object of that name. */
export function objectOf(env: Env, binding: Binding, name: string): DurableObjectStub {
  const namespace = env[binding];
  const key = `${binding}/${name}`;
  let id = ids.get(key);
  if (id === undefined) {
    if (ids.size >= IDS_MAX) ids.clear();
    id = namespace.idFromName(name);
    ids.set(key, id);
  }
  return namespace.get(id);
}

/** The answer to what must not happen. What happened is for the operator alone. */
export function broken(error: unknown): Response {
  const requestId = crypto.randomUUID();
  console.error(requestId, error instanceof Error ? (error.stack ?? error.message) : error);
  const type = "InternalErrorException";
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-amzn-errortype,x-amzn-requestid,date,retry-after",
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-errortype": `${type}:`,
    "x-amzn-requestid": requestId,
  };
  const body = JSON.stringify({ __type: type, message: "Something went wrong" });
  return new Response(body, { status: 500, headers });
}
