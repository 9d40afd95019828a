import module from './requests.wasm';

/** Workers compile modules when they are deployed, and do not compile at run time. */
export async function load(): Promise<WebAssembly.Module> {
  return module;
}
