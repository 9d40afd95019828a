// How does a Durable Object run the calls that reach it?

import { DurableObject } from "cloudflare:workers";
import type { Room } from "../build/index.js";
import { run } from "./errand";
import {
  type Answer,
  broken,
  type Env,
  type Errand,
  type Frame,
  isErrand,
  open,
  respond,
} from "./frame";
import { nameIn } from "./platform";
import { generationOfWasm, inWasm } from "./wasm";

/** An object that holds records and runs one call after another over them. */
export class Place extends DurableObject<Env> {
  #name: string | undefined;
  #room: Room | undefined;
  #generation = -1;

  override async fetch(request: Request): Promise<Response> {
    try {
      this.#name ??= new URL(request.url).pathname.slice(1);
      const name = this.#name;
      const message = new Uint8Array(await request.arrayBuffer());
      return await this.#run(name, (room) => room.begin(message, Date.now()));
    } catch (error) {
      return broken(error);
    }
  }

  /** What is thrown here has the platform try again later. */
  override async alarm(): Promise<void> {
    this.#name ??= nameIn(this.ctx.storage);
    await this.#run(this.#name, (room) => room.wake(Date.now()));
  }

  /** Runs a call to its end. */
  async #run(name: string, begin: (room: Room) => Uint8Array): Promise<Response> {
    let { head, body } = this.#step(name, begin);
    while (head.kind !== "answer") {
      if (!isErrand(head)) throw new Error("an object passes nothing on");
      ({ head, body } = await this.#wait(name, head, body));
    }
    if (head.afterwards !== undefined) this.#goOn(name, head.afterwards);
    return await this.#answer(head, body);
  }

  /** Runs to its end what a call left for when its caller would have its answer. */
  #goOn(name: string, id: number): void {
    const rest = this.#run(name, (room) => room.afterwards(id, Date.now()));
    this.ctx.waitUntil(rest.catch((error) => console.error(error)));
  }

  /** Calls into the room, which is made anew when wasm was. */
  #step(name: string, use: (room: Room) => Uint8Array): Frame {
    const frame = inWasm(this.env, (wasm) => {
      if (this.#room === undefined || this.#generation !== generationOfWasm()) {
        this.#room = new wasm.Room(name, this.ctx);
        this.#generation = generationOfWasm();
      }
      return use(this.#room);
    });
    return open(frame);
  }

  /** Runs an errand; other calls may come in meanwhile. */
  async #wait(name: string, errand: Errand, body: Uint8Array): Promise<Frame> {
    const generation = this.#generation;
    const returned = await run(errand, body, this.env).catch((error) => String(error));
    if (generation !== generationOfWasm()) {
      throw new Error("wasm started anew while a call was waiting");
    }
    return this.#step(name, (room) =>
      typeof returned === "string"
        ? room.fail(errand.id, returned, Date.now())
        : room.resume(errand.id, returned.status, returned.body, Date.now()),
    );
  }

  async #answer(head: Answer, body: Uint8Array): Promise<Response> {
    if (head.log !== undefined) console.error(head.log);
    if (head.isEmpty) {
      // Nothing may come between these two.
      const emptied = this.ctx.storage.deleteAll();
      inWasm(this.env, () => this.#room?.wasEmptied());
      await emptied;
    }
    return respond(head, body);
  }
}
