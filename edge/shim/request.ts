// How is a request read before wasm sees it?

/** One byte more than a body may have: the kernel says what it thinks of that. */
const BODY_BYTES_MAX = (1 << 20) + 1;

const encoder = new TextEncoder();
export const NOTHING = new Uint8Array();

/** The body did not come through whole. */
export class BadBody extends Error {}

/**
 * Method, URL, and then the name and the value of each header, a line each: of all headers if there
 * may be a signature, of those `read` otherwise.
 */
export function headOf(request: Request, read: readonly string[]): Uint8Array {
  const { headers, method, url } = request;
  let head = `${method}\n${url}`;
  const add = (value: string | null, name: string) => {
    if (value !== null) head += `\n${name}\n${value}`;
  };
  if (headers.has("authorization") || url.includes("?")) headers.forEach(add);
  else for (const name of read) add(headers.get(name), name);
  return encoder.encode(head);
}

/** The body, or as much of it as is looked at. */
export async function bodyOf(request: Request): Promise<Uint8Array> {
  const announced = request.headers.get("content-length");
  try {
    if (announced === null) return await collect(request.body);
    if (Number(announced) < BODY_BYTES_MAX) return new Uint8Array(await request.arrayBuffer());
  } catch (error) {
    throw new BadBody("the body did not come through", { cause: error });
  }
  return new Uint8Array(BODY_BYTES_MAX);
}

async function collect(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (stream === null) return NOTHING;
  const body = new Uint8Array(BODY_BYTES_MAX);
  let length = 0;
  for await (const chunk of stream) {
    const taken = chunk.subarray(0, BODY_BYTES_MAX - length);
    body.set(taken, length);
    length += taken.byteLength;
    if (length === BODY_BYTES_MAX) break;
  }
  return body.subarray(0, length);
}
