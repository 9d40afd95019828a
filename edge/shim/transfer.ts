// How do files come in and go out? In pieces, none of which is large.

import { type Download, type Env, objectOf, type Upload } from "./frame";
import { BadBody, NOTHING } from "./request";
import { inWasm } from "./wasm";

/** The header of a page that says where the next one begins. */
const NEXT_PAGE = "cognate-next";

/** Takes the body of a request to its object; what that says last is the answer. */
export async function upload(
  { binding, name, pieceBytes }: Upload,
  ticket: Uint8Array,
  request: Request,
  env: Env,
): Promise<Response> {
  const object = objectOf(env, binding, name);
  let offset = 0;
  for await (const [bytes, isLast] of pieces(request.body, pieceBytes)) {
    const message = inWasm(env, (wasm) => wasm.piece(ticket, offset, isLast, bytes));
    const response = await object.fetch(`https://object/${name}`, { method: "POST", body: message });
    if (isLast || response.status !== 200) return response;
    await response.body?.cancel();
    offset += bytes.byteLength;
  }
  throw new Error("a body has a last piece");
}

type Piece = [bytes: Uint8Array, isLast: boolean];

/** A stream in pieces of that size, of which the last may be smaller. Each is good until the next. */
async function* pieces(
  stream: ReadableStream<Uint8Array> | null,
  pieceBytes: number,
): AsyncGenerator<Piece> {
  const piece = new Uint8Array(pieceBytes);
  let length = 0;
  for await (const chunk of whole(stream)) {
    for (let rest = chunk; rest.byteLength > 0; ) {
      // It is not the last one: there is more.
      if (length === pieceBytes) {
        yield [piece, false];
        length = 0;
      }
      const taken = rest.subarray(0, pieceBytes - length);
      piece.set(taken, length);
      length += taken.byteLength;
      rest = rest.subarray(taken.byteLength);
    }
  }
  yield [piece.subarray(0, length), true];
}

async function* whole(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    if (stream !== null) for await (const chunk of stream) yield chunk;
    else yield NOTHING;
  } catch (error) {
    throw new BadBody("the body did not come through", { cause: error });
  }
}

/** Sends the pages of a file one after the other, as fast as they are taken. */
export async function download(
  { binding, name }: Download,
  ticket: Uint8Array,
  env: Env,
): Promise<Response> {
  const object = objectOf(env, binding, name);
  const ask = (message: Uint8Array) =>
    object.fetch(`https://object/${name}`, { method: "POST", body: message });
  let page: Response | undefined = await ask(ticket);
  if (page.status !== 200) return page;
  const headers = new Headers(page.headers);
  headers.delete(NEXT_PAGE);
  headers.delete("content-length");
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (page === undefined) return controller.close();
        const next = page.headers.get(NEXT_PAGE);
        controller.enqueue(new Uint8Array(await page.arrayBuffer()));
        page = next === null ? undefined : await ask(inWasm(env, (w) => w.nextPage(ticket, next)));
        // Half a file must not look like a whole one.
        if (page !== undefined && page.status !== 200) throw new Error("a page did not come");
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { headers });
}
