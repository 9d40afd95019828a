// How is a request read before wasm sees it?

import { concat } from './store/bytes.js';

/** One byte more than a body may have: the kernel says what it thinks of that. */
const BODY_BYTES_MAX = (1 << 20) + 1;
/** The same for files, which alone are put. */
const FILE_BYTES_MAX = (100 << 20) + 1;

const encoder = new TextEncoder();

/** Method, URL, and then the name and the value of each header, a line each. */
export function headOf({ headers, method, url }: Request, body: Uint8Array): Uint8Array {
  let head = `${method}\n${url}`;
  headers.forEach((value, name) => {
    head += `\n${name}\n${value}`;
  });
  // A signature may cover what the network would add, and what pages may not say by themselves.
  if (!headers.has('host')) head += `\nhost\n${new URL(url).host}`;
  if (!headers.has('content-length')) head += `\ncontent-length\n${body.length}`;
  return encoder.encode(head);
}

/** The body, or as much of it as is looked at: nobody sends more than that into memory. */
export function bodyOf(request: Request): Promise<Uint8Array> {
  return bytesOf(request, request.method === 'PUT' ? FILE_BYTES_MAX : BODY_BYTES_MAX);
}

/** What a message brings, or as many bytes of it. */
export async function bytesOf(message: Request | Response, most: number): Promise<Uint8Array> {
  const reader = message.body?.getReader();
  // Not every browser lets a request's body be read in pieces.
  if (!reader) return new Uint8Array(await message.arrayBuffer()).subarray(0, most);
  const parts: Uint8Array[] = [];
  for (let length = 0; length < most; ) {
    const { done, value } = await reader.read();
    if (done) return concat(parts);
    parts.push(value);
    length += value.length;
  }
  // It is not waited for: whoever sends may take his time.
  reader.cancel().catch(() => {});
  return concat(parts).subarray(0, most);
}
