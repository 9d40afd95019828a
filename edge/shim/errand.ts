// How is an errand run for a call that waits?

import { within } from "./deadline";
import { type Env, type Errand, headersFrom, objectOf } from "./frame";

/** What an errand brings back. */
export type Returned = { status: number; body: Uint8Array };

const NOTHING = new Uint8Array();

/** Runs an errand; it throws if nothing came back, and never takes longer than it may. */
export function run(errand: Errand, body: Uint8Array, env: Env): Promise<Returned> {
  return within(errand.limitMs, begin(errand, body, env));
}

function begin(errand: Errand, body: Uint8Array, env: Env): Promise<Returned> {
  switch (errand.kind) {
    case "call":
      return call(errand, body, env);
    case "fetch":
      return read(errand, body);
    case "invoke":
      return invoke(errand, body, env);
    case "mail":
      return mail(errand, body, env);
    case "post":
      return post(errand, body);
  }
}

type Of<Kind> = Extract<Errand, { kind: Kind }>;

async function call({ binding, name }: Of<"call">, body: Uint8Array, env: Env): Promise<Returned> {
  const object = objectOf(env, binding, name);
  const response = await object.fetch(`https://object/${name}`, { method: "POST", body });
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
}

/** The largest document of a provider that is read. */
const DOCUMENT_BYTES_MAX = 256 * 1024;

async function read(errand: Of<"fetch">, form: Uint8Array): Promise<Returned> {
  const { url, authorization, limitMs } = errand;
  const headers: Record<string, string> = { accept: "application/json" };
  if (authorization !== undefined) headers.authorization = authorization;
  const isPosted = form.byteLength > 0;
  if (isPosted) headers["content-type"] = "application/x-www-form-urlencoded";
  const response = await fetch(url, {
    method: isPosted ? "POST" : "GET",
    headers,
    body: isPosted ? form : null,
    // Who vouches for somebody does so from where it is known to be.
    redirect: "manual",
    signal: AbortSignal.timeout(limitMs),
  });
  return { status: response.status, body: await atMost(DOCUMENT_BYTES_MAX, response) };
}

async function invoke(errand: Of<"invoke">, body: Uint8Array, env: Env): Promise<Returned> {
  const { url, service, bytesMax } = errand;
  const through = service === undefined ? undefined : bound<Fetcher>(env, service, "fetch");
  const request = signed(errand, body);
  const response = await (through?.fetch(url, request) ?? fetch(url, request));
  return { status: response.status, body: await atMost(bytesMax, response) };
}

/** The binding of that name, if it is one that can do that. */
function bound<T>(env: Env, name: string, what: string): T {
  const binding = (env as unknown as Record<string, Record<string, unknown> | undefined>)[name];
  if (typeof binding?.[what] !== "function") {
    throw new Error(`there is no binding ${name} with ${what}`);
  }
  return binding as T;
}

async function atMost(bytesMax: number, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop gives the rest up.
    if (length > bytesMax) throw new Error(`more than ${bytesMax} bytes came back`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** The service's own errors have codes; what has none is the way there. */
async function mail({ binding }: Of<"mail">, body: Uint8Array, env: Env): Promise<Returned> {
  try {
    await bound<SendEmail>(env, binding, "send").send(JSON.parse(new TextDecoder().decode(body)));
    return { status: 200, body: NOTHING };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string") throw error;
    const isBusy = /RATE_LIMIT|INTERNAL|DELIVERY_FAILED/.test(code);
    return { status: isBusy ? 503 : 400, body: named(code) };
  }
}

function named(code: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ code }));
}

async function post(errand: Of<"post">, body: Uint8Array): Promise<Returned> {
  const response = await fetch(errand.url, signed(errand, body));
  const { status } = response;
  const code = response.headers.get("x-amzn-errortype");
  if (response.ok || code !== null) {
    await response.body?.cancel();
    return { status, body: response.ok || code === null ? NOTHING : named(code) };
  }
  // Why somebody refuses is good to know, and not worth another error.
  const refusal = await atMost(errand.bytesMax, response).catch(() => NOTHING);
  return { status, body: refusal };
}

function signed({ headers, limitMs }: Of<"invoke" | "post">, body: Uint8Array) {
  return {
    method: "POST",
    headers: headersFrom(headers),
    body,
    // A signed message goes where it was addressed to and nowhere else.
    redirect: "manual" as const,
    signal: AbortSignal.timeout(limitMs),
  };
}
