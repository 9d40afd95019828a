// What wasm-bindgen writes into `dist` beside these files.
export function initSync(options: { module: WebAssembly.Module }): unknown;
export function allows(
  verified: string,
  answer: string,
  action: string,
  resource: string,
  more: string,
): boolean;
export function claim(head: Uint8Array, terms: string, now: number): string;
export function verify(
  head: Uint8Array,
  body: Uint8Array,
  terms: string,
  answer: string,
  now: number,
): string;
