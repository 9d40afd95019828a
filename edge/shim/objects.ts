// How do objects of buckets come and go? Bytes go between the caller and R2; the kernel says which.

import type { ObjectVisit } from "../build/index.js";
import { carryOut, REFUSED, type Source } from "./bucket";
import { type Env, objectOf, open, respond, respondWith } from "./frame";
import { headOf } from "./request";
import { generationOfWasm, inWasm } from "./wasm";

/** What a signature for S3 says, in a header and in a URL. */
const SCOPE = /\/s3\/aws4_request/;
const SCOPE_IN_URL = /(?:\/|%2f)s3(?:\/|%2f)aws4_request/i;

/** Whether a request is one of S3's: by what it is signed for, so that paths need not differ. */
export function isForObjects(request: Request): boolean {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return SCOPE.test(authorization);
  const { url } = request;
  // The files of imports and exports are presigned as well.
  return url.includes("?") && SCOPE_IN_URL.test(url) && !url.includes("/_cognate/");
}

/** Answers one of them, in S3's form even if something breaks. */
export async function answerForObjects(request: Request, env: Env): Promise<Response> {
  try {
    return await run(request, env);
  } catch (error) {
    const requestId = crypto.randomUUID();
    console.error(requestId, error instanceof Error ? (error.stack ?? error.message) : error);
    const headers = {
      "access-control-allow-origin": "*",
      "content-type": "application/xml",
      "x-amz-request-id": requestId,
    };
    const message = "We encountered an internal error. Please try again.";
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InternalError</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`;
    return new Response(request.method === "HEAD" ? null : body, { status: 500, headers });
  }
}

async function run(request: Request, env: Env): Promise<Response> {
  const visit = new Visit(headOf(request, []), env);
  try {
    let frame = visit.first();
    let found: ReadableStream | null = null;
    for (;;) {
      const { head, body } = open(frame);
      switch (head.kind) {
        case "answer":
          await found?.cancel();
          return respond(head, body);
        case "stream":
          return respondWith(head, found);
        case "ask": {
          const object = objectOf(env, head.binding, head.name);
          const url = `https://object/${head.name}`;
          const response = await object.fetch(url, { method: "POST", body });
          const role = new Uint8Array(await response.arrayBuffer());
          frame = visit.use((wasm) => wasm.judge(response.status, role));
          break;
        }
        case "read": {
          const document = await documentIn(request, head.bytesMax);
          frame = visit.use((wasm) => wasm.read(document));
          break;
        }
        case "access": {
          const buckets = {
            bucket: bucketOf(env, head.binding),
            source: head.source === undefined ? undefined : bucketOf(env, head.source),
          };
          const { outcome, object } = await carryOut(buckets, head.access, bodyOf(request, visit));
          found = object ?? null;
          frame = visit.use((wasm) => wasm.found(JSON.stringify(outcome)));
          break;
        }
        default:
          throw new Error("a visit waits for nothing of that kind");
      }
    }
  } finally {
    visit.end();
  }
}

/** A visit in wasm, which is void once wasm started anew. */
class Visit {
  #env: Env;
  #generation: number;
  #visit: ObjectVisit;

  constructor(head: Uint8Array, env: Env) {
    this.#env = env;
    this.#visit = inWasm(env, (wasm) => new wasm.ObjectVisit(head, Date.now()));
    this.#generation = generationOfWasm();
  }

  first(): Uint8Array {
    return this.use((visit) => visit.first());
  }

  use<T>(use: (visit: ObjectVisit) => T): T {
    if (this.#generation !== generationOfWasm()) {
      throw new Error("wasm started anew while an object was on its way");
    }
    return inWasm(this.#env, () => use(this.#visit));
  }

  end(): void {
    if (this.#generation === generationOfWasm()) this.#visit.free();
  }
}

/** The body of the request, through the kernel if that wants to see it. */
function bodyOf(request: Request, visit: Visit): Source {
  return async (body, use) => {
    if (!body.passes) return use(request.body ?? new Uint8Array());
    const pass = (bytes: Uint8Array) => visit.use((wasm) => wasm.pass(bytes));
    const passLast = () => visit.use((wasm) => wasm.passLast());
    return passed(request.body, body.bytes, { pass, passLast }, use);
  };
}

type Passing = {
  pass(bytes: Uint8Array): Uint8Array | undefined;
  passLast(): Uint8Array | undefined;
};

/** How much is taken from the network at once: each trip into wasm costs something. */
const PIECE_BYTES = 256 << 10;

/** A body on its way through the kernel, which keeps the last of it back until it is sure of all. */
async function passed<T>(
  body: ReadableStream<Uint8Array> | null,
  bytes: number,
  { pass, passLast }: Passing,
  use: (stream: ReadableStream | Uint8Array) => Promise<T>,
): Promise<T> {
  const checked = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(body)) {
      const free = pass(piece);
      if (free === undefined) throw new Error(REFUSED);
      if (free.byteLength > 0) yield free;
    }
    const last = passLast();
    if (last === undefined) throw new Error(REFUSED);
    if (last.byteLength > 0) yield last;
  };
  if (bytes === 0) {
    // There is no last byte that could wait.
    for await (const _ of checked());
    return use(new Uint8Array());
  }
  const { readable, writable } = new FixedLengthStream(bytes);
  const writer = writable.getWriter();
  const flowing = (async () => {
    try {
      for await (const piece of checked()) await writer.write(piece);
      await writer.close();
    } catch (error) {
      await writer.abort(error);
    }
  })();
  try {
    return await use(readable);
  } finally {
    // A bucket that takes no more would leave the writer waiting.
    await writer.abort(new Error(REFUSED)).catch(() => undefined);
    await flowing.catch(() => undefined);
  }
}

async function* pieces(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(PIECE_BYTES);
  for (;;) {
    const { done, value } = await reader.readAtLeast(PIECE_BYTES, new Uint8Array(buffer));
    if (value !== undefined && value.byteLength > 0) yield value;
    if (done || value === undefined) return;
    buffer = value.buffer as ArrayBuffer;
  }
}

/** A document that says what to do, or as much of it as is looked at. */
async function documentIn(request: Request, bytesMax: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > bytesMax) return new Uint8Array(bytesMax + 1);
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces(request.body)) {
    taken.push(piece.slice());
    length += piece.byteLength;
    if (length > bytesMax) break;
  }
  const document = new Uint8Array(Math.min(length, bytesMax + 1));
  let offset = 0;
  for (const piece of taken) {
    document.set(piece.subarray(0, document.byteLength - offset), offset);
    offset += piece.byteLength;
  }
  return document;
}

function bucketOf(env: Env, binding: string): R2Bucket {
  const bucket = (env as Record<string, unknown>)[binding];
  if (typeof bucket !== "object" || bucket === null) {
    throw new Error(`S3_BUCKETS names a binding that is not there: ${binding}`);
  }
  return bucket as R2Bucket;
}
