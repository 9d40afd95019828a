// The Worker with a hand inside: it lets a test break a write or wasm itself, and look at what an
// object holds. It wraps the real bundle and changes nothing until it is told to.
//
// `wasm.js` must come first: it stands between the bundle and `WebAssembly`.

import { wasm } from './wasm.js';
import worker, {
  Account as RealAccount,
  IdentityPool as RealIdentityPool,
  UserPool as RealUserPool,
} from './worker.js';

/** Fails the n-th write from now on in objects of that binding; 0 fails none. */
let failing = { n: 0, binding: '' };
/** What becomes of requests to objects of that binding: `none` is the usual. */
let trouble = { kind: 'none', binding: '' };
/** The objects that were asked anything, by binding and name. */
const asked = new Map();

const WRITES = /^(CREATE|INSERT|DELETE)/;

function counting(sql, binding) {
  return new Proxy(sql, {
    get(target, name) {
      if (name !== 'exec') return bound(target, name);
      return (text, ...bindings) => {
        if (failing.n > 0 && failing.binding === binding && WRITES.test(text)) {
          failing.n -= 1;
          if (failing.n === 0) throw new Error('the disk is on fire');
        }
        return target.exec(text, ...bindings);
      };
    },
  });
}

function bound(target, name) {
  const value = target[name];
  return typeof value === 'function' ? value.bind(target) : value;
}

/** What the class under test sees as its context: the real one, but for how SQL is run. */
function watched(context, binding) {
  const sql = counting(context.storage.sql, binding);
  const storage = new Proxy(context.storage, {
    get: (target, name) => (name === 'sql' ? sql : bound(target, name)),
  });
  return new Proxy(context, {
    get: (target, name) => (name === 'storage' ? storage : bound(target, name)),
  });
}

const troubles = {
  none: (object, request) => object.fetch(...request),
  /** The object never answers. */
  hang: () => new Promise(() => {}),
  /** The object is gone. */
  lose: () => Promise.reject(new Error('the object is gone')),
};

/** Bindings whose objects are in trouble if the test wants it. */
function troubled(env) {
  const namespace = (binding) =>
    new Proxy(env[binding], {
      get(target, name) {
        if (name !== 'get') return bound(target, name);
        return (id) => ({
          fetch(...request) {
            asked.set(`${binding} ${id.name}`, { binding, name: id.name });
            const kind = trouble.binding === binding ? trouble.kind : 'none';
            return troubles[kind](target.get(id), request);
          },
        });
      },
    });
  const names = ['ACCOUNT', 'IDENTITY_POOL', 'USER_POOL'];
  return { ...env, ...Object.fromEntries(names.map((name) => [name, namespace(name)])) };
}

function Wrapped(Real, binding) {
  return class extends Real {
    constructor(context, env) {
      super(context, env);
      this.real = context;
      this.ctx = watched(context, binding);
      this.env = troubled(env);
    }

    async fetch(request) {
      if (new URL(request.url).host !== 'inspection') return super.fetch(request);
      const { sql } = this.real.storage;
      const tables = [...sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'")];
      const names = tables.map(({ name }) => name).filter((name) => !name.startsWith('_cf_'));
      const records = names.includes('record') ? sql.exec('SELECT key, hex(value) FROM record') : [];
      return Response.json({
        tables: names,
        records: Object.fromEntries(records.raw?.() ?? []),
        bytes: sql.databaseSize,
      });
    }
  };
}

export class Account extends Wrapped(RealAccount, 'ACCOUNT') {}
export class IdentityPool extends Wrapped(RealIdentityPool, 'IDENTITY_POOL') {}
export class UserPool extends Wrapped(RealUserPool, 'USER_POOL') {}

const inspections = {
  asked: () => [...asked.values()],
  failWrite: (query) => void (failing = { n: Number(query.get('n')), binding: query.get('binding') }),
  /** Whether the write that was to fail is still to come. */
  willFail: () => failing.n > 0,
  trouble: (query) => void (trouble = Object.fromEntries(query)),
  memory: () => wasm.bytes(),
  trap: (query) => void wasm.trapIn(query.get('name')),
  async holds(query, env) {
    const namespace = env[query.get('binding')];
    const object = namespace.get(namespace.idFromName(query.get('name')));
    return (await object.fetch('https://inspection/')).json();
  },
};

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    const inspection = inspections[pathname.replace('/_inspection/', '')];
    if (inspection === undefined) return worker.fetch(request, troubled(env), context);
    return Response.json((await inspection(searchParams, env)) ?? null);
  },
};
