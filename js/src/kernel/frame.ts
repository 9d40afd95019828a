// What came out of a call into wasm? `js/kernel/src/frame.rs` says what a frame is.

import type { Hole } from './crypto.js';

/** What to do with the body of a frame. */
export type Head = Answer | { kind: 'forward'; place: string } | Errand;

/** The end of a call. */
export type Answer = {
  kind: 'answer';
  status: number;
  headers: string[];
  log?: string;
  holes?: Hole[];
};

/** What a call waits for. */
export type Errand =
  | { kind: 'call'; id: number; place: string }
  | { kind: 'deliver'; id: number }
  | { kind: 'fetch'; id: number; url: string; authorization?: string }
  | { kind: 'invoke'; id: number; function: string; trigger: string }
  | { kind: 'makeKey'; id: number; algorithm: string }
  | { kind: 'verify'; id: number; algorithm: string; key: string; signatureBytes: number };

type Bytes = Uint8Array<ArrayBuffer>;

export interface Frame {
  head: Head;
  body: Bytes;
}

const decoder = new TextDecoder();

export function open(frame: Uint8Array): Frame {
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  const head = JSON.parse(decoder.decode(frame.subarray(4, 4 + length)));
  return { head, body: frame.slice(4 + length) };
}
