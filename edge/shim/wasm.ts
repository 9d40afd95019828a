// How is wasm called, and what happens when it breaks?
//
// What is thrown out of wasm (a trap, an exhausted stack, an exception that went through its
// frames) left it half-way, so that nothing in it can be trusted: it starts anew at once, and
// everything made by it before is void. Records are safe; a batch that was not finished is not
// there.

import * as glue from "../build/index.js";
import type { Env } from "./frame";

export type Wasm = typeof glue;

let generation = 0;
let isConfigured = false;

/** A number that changes whenever wasm started anew. */
export function generationOfWasm(): number {
  return generation;
}

/** Calls into wasm. `use` must not wait for anything. */
export function inWasm<T>(env: Env, use: (wasm: Wasm) => T): T {
  try {
    if (!isConfigured) {
      glue.configure(env);
      isConfigured = true;
    }
    return use(glue);
  } catch (error) {
    generation += 1;
    isConfigured = false;
    glue.__wbg_reset_state();
    throw error;
  }
}
