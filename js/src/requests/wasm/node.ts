import { readFile } from 'node:fs/promises';

/** Compiles the module that lies beside this file. */
export async function load(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('./requests.wasm', import.meta.url)));
}
