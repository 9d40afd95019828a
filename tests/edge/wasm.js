// Between the bundle and `WebAssembly`: makes a call into wasm end in a real trap, once.
//
// The trap is an `unreachable` in a module of its own, as a panic that aborts would be.

import trapping from './trap.wasm';

const { trap } = new WebAssembly.Instance(trapping).exports;
let next;
let memory;

export const wasm = {
  /** The next call of that export traps. */
  trapIn(name) {
    next = name;
  },
  /** How much memory the running module has: it may grow and never shrinks. */
  bytes: () => memory.buffer.byteLength,
};

const RealInstance = WebAssembly.Instance;

WebAssembly.Instance = class {
  constructor(module, imports) {
    const { exports } = new RealInstance(module, imports);
    memory = exports.memory;
    const wrapped = {};
    for (const [name, value] of Object.entries(exports)) {
      wrapped[name] =
        typeof value !== 'function'
          ? value
          : (...args) => {
              if (next !== name) return value(...args);
              next = undefined;
              return trap();
            };
    }
    this.exports = wrapped;
  }
};
