// Cognate on Cloudflare Workers: where requests come in.

import { documentFrom, keepDocument } from "./cache";
import { broken, type Env, type Head, objectOf, open, respond } from "./frame";
import { Place } from "./object";
import { answerForObjects, isForObjects } from "./objects";
import { BadBody, bodyOf, headOf, NOTHING } from "./request";
import { download, upload } from "./transfer";
import { inWasm } from "./wasm";

/** The account, and the outbox of local development. */
export class Account extends Place {}

/** An identity pool. */
export class IdentityPool extends Place {}

/** A user pool. */
export class UserPool extends Place {}

/** The headers that are read of a request without a signature. */
let headersRead: string[] | undefined;

export default {
  async fetch(request, env, ctx) {
    try {
      if (isForObjects(request)) return await answerForObjects(request, env);
      headersRead ??= inWasm(env, (wasm) => wasm.headersRead().split("\n"));
      const head = headOf(request, headersRead);
      // Files alone are put, and they are not read at once.
      const body = request.method === "PUT" ? NOTHING : await bodyOf(request);
      const frame = open(inWasm(env, (wasm) => wasm.receive(head, body, Date.now())));
      if (frame.head.kind === "answer") {
        if (frame.head.log !== undefined) console.error(frame.head.log);
        return respond(frame.head, frame.body);
      }
      if (frame.head.kind === "download") return await download(frame.head, frame.body, env);
      if (frame.head.kind === "upload") return await upload(frame.head, frame.body, request, env);
      if (frame.head.kind !== "forward") throw new Error("a request waits for nothing");
      return await forward(frame.head, frame.body, env, ctx);
    } catch (error) {
      if (error instanceof BadBody) return new Response(null, { status: 400 });
      return broken(error);
    }
  },
} satisfies ExportedHandler<Env>;

type Forward = Extract<Head, { kind: "forward" }>;

async function forward(
  { binding, name, cache }: Forward,
  message: Uint8Array,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  const kept = cache && (await documentFrom(env.CACHE, cache));
  if (kept) return kept;
  const object = objectOf(env, binding, name);
  const response = await object.fetch(`https://object/${name}`, { method: "POST", body: message });
  if (cache && response.status === 200) {
    ctx.waitUntil(keepDocument(env.CACHE, cache, response.clone()));
  }
  return response;
}
