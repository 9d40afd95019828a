// What wasm-bindgen writes into `dist` beside this file.
export function initSync(options: { module: WebAssembly.Module }): unknown;

export class Embedded {
  constructor(options: string);
  receive(head: Uint8Array, body: Uint8Array, now: number): Uint8Array;
  begin(place: string, message: Uint8Array, now: number): Uint8Array;
  called(id: number, status: number, body: Uint8Array, now: number): Uint8Array;
  delivered(id: number, now: number): Uint8Array;
  made(id: number, privateKey: Uint8Array, publicKey: string, now: number): Uint8Array;
  returned(id: number, event: Uint8Array, now: number): Uint8Array;
  verified(id: number, isRight: boolean, now: number): Uint8Array;
  failed(id: number, reason: string, now: number): Uint8Array;
  alarm(): number | undefined;
  wake(now: number): Uint8Array;
  takeJournal(): Uint8Array<ArrayBuffer>;
  load(journal: Uint8Array): number;
  snapshot(): Uint8Array<ArrayBuffer>;
  free(): void;
}
