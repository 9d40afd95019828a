/** Fetches and compiles the module; bundlers know this form of URL and bring the file along. */
export async function load(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL('./requests.wasm', import.meta.url));
  if (!response.ok && response.status !== 0) throw new Error(`requests.wasm: HTTP ${response.status}`);
  // Some servers do not know the media type that streaming compilation insists on.
  return response.headers.get('content-type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
