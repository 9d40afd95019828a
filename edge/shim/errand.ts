// How is an errand run for a call that waits?

import { within } from "./deadline";
import { type Env, type Errand, headersFrom, objectOf } from "./frame";

/** What an errand brings back. */
export type Returned = { status: number; body: Uint8Array };

const NOTHING = new Uint8Array();

/** Runs an errand; it throws if nothing came back, and never takes longer than it may. */
export function run(errand: Errand, body: Uint8Array, env: Env): Promise<Returned> {
  const trip = errand.kind === "call" ? call(errand, body, env) : post(errand, body);
  return within(errand.limitMs, trip);
}

type Of<Kind> = Extract<Errand, { kind: Kind }>;

async function call({ binding, name }: Of<"call">, body: Uint8Array, env: Env): Promise<Returned> {
  const object = objectOf(env, binding, name);
  const response = await object.fetch(`https://object/${name}`, { method: "POST", body });
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
}

async function post({ url, headers, limitMs }: Of<"post">, body: Uint8Array): Promise<Returned> {
  const response = await fetch(url, {
    method: "POST",
    headers: headersFrom(headers),
    body,
    // A signed message goes where it was addressed to and nowhere else.
    redirect: "manual",
    signal: AbortSignal.timeout(limitMs),
  });
  await response.body?.cancel();
  return { status: response.status, body: NOTHING };
}
