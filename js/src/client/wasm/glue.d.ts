// What wasm-bindgen writes into `dist` beside these files.
export function initSync(options: { module: WebAssembly.Module }): unknown;
export function begin(secretA: Uint8Array): Uint8Array;
export function claim(fields: Uint8Array): Uint8Array;
