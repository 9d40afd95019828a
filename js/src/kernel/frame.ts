// What came out of a call into wasm? `js/kernel/src/frame.rs` says what a frame is.

/** What to do with the body of a frame. */
export type Head =
  | { kind: 'answer'; status: number; headers: string[]; log?: string }
  | { kind: 'forward'; place: string }
  | { kind: 'call'; id: number; place: string }
  | { kind: 'deliver'; id: number }
  | { kind: 'makeKey'; id: number; algorithm: string };

export interface Frame {
  head: Head;
  body: Uint8Array<ArrayBuffer>;
}

const decoder = new TextDecoder();

export function open(frame: Uint8Array): Frame {
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  const head = JSON.parse(decoder.decode(frame.subarray(4, 4 + length)));
  return { head, body: frame.slice(4 + length) };
}
