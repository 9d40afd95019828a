// How is a request read before wasm sees it?

/** One byte more than a body may have: the kernel says what it thinks of that. */
const BODY_BYTES_MAX = (1 << 20) + 1;

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();

/** The body did not come through whole. */
export class BadBody extends Error {}

/** Method, URL, and then the name and the value of each header, a line each. */
export function headOf(request: Request): Uint8Array {
  let head = `${request.method}\n${request.url}`;
  request.headers.forEach((value, name) => {
    head += `\n${name}\n${value}`;
  });
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
