// Does the whole service run where it has no objects of its own? The packed package in Node, Deno and
// Bun: AWS's SDK signs users in, and they are still there after a kill. And in a plain Worker.

import assert from 'node:assert/strict';
import { cp, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { administrator, createClient, createPool, createUser, REGION, signIn } from '../sdk/world.mjs';
import { execute, install, JS } from './packed.mjs';
import { freePort, start } from './start.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const tool = (name) => path(`../node_modules/.bin/${name}`);

const HAS_SQLITE = await import('node:sqlite').then(() => true, () => false);

const RUNTIMES = {
  node: { program: process.execPath, flags: ['--no-warnings'], sqlite: HAS_SQLITE ? 'kept' : 'notSupported' },
  deno: { program: tool('deno'), flags: ['run', '--allow-all', '--quiet'], sqlite: 'kept' },
  bun: { program: tool('bun'), flags: [], sqlite: 'kept' },
};

let folder;
let remove;

before(async () => {
  ({ folder, remove } = await install());
  await symlink(path('../node_modules/@aws-sdk'), join(folder, 'node_modules/@aws-sdk'));
  await cp(path('../../js/examples'), folder, { recursive: true });
  await cp(path('runtimes'), folder, { recursive: true });
});

after(() => remove?.());

/** A pool, an app client and a user who signs in and is known by the token. */
async function settle(aws) {
  const poolId = await createPool({}, aws);
  const { ClientId } = await createClient(poolId, {}, aws);
  const { username } = await createUser(poolId, {}, aws);
  const settled = { poolId, ClientId, username };
  await comeIn(aws, settled);
  return settled;
}

async function comeIn(aws, { poolId, ClientId, username }) {
  const { AccessToken } = await signIn(poolId, ClientId, username, aws);
  assert.equal((await aws.getUser({ AccessToken })).Username, username);
}

/** Starts the example of that runtime; gives an administrator and how to kill it. */
async function serve(name, STORE) {
  const { flags, program } = RUNTIMES[name];
  const server = await start(program, [...flags, `${name}.mjs`], { cwd: folder, env: { STORE } });
  return { ...server, aws: administrator(REGION, server.endpoint) };
}

for (const name of Object.keys(RUNTIMES)) {
  describe(name, () => {
    test('serves, is killed, and serves again', async (t) => {
      const store = join(folder, `${name}.records`);
      const first = await serve(name, store);
      t.after(first.kill);
      const settled = await settle(first.aws);
      await first.kill();
      const second = await serve(name, store);
      t.after(second.kill);
      await comeIn(second.aws, settled);
    });

    test('has the stores that it should have', async () => {
      const { flags, program, sqlite } = RUNTIMES[name];
      const cwd = await mkdtemp(join(folder, 'stores-'));
      const script = join(folder, 'stores.mjs');
      const { stdout } = await execute(program, [...flags, script], { cwd });
      const told = JSON.parse(stdout.trim().split('\n').at(-1));
      assert.deepEqual(told, { file: 'kept', sqlite, indexedDb: 'notSupported' });
    });
  });
}

const SUITES = {
  deno: ['test', '--no-check', '--quiet', '--allow-all', '--no-config', '--node-modules-dir=manual'],
  bun: ['test', '--timeout=120000'],
};

for (const [name, flags] of Object.entries(SUITES)) {
  test(`the tests of stores pass in ${name}, with SQLite`, async () => {
    await execute(RUNTIMES[name].program, [...flags, './test/kernel_stores.test.mjs'], { cwd: JS });
  });
}

describe('workerd', () => {
  const config = (port) => `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "kernel.wasm", wasm = embed "kernel.wasm"),
  ],
  compatibilityDate = "2026-04-24",
);
`;

  test('serves from memory', async (t) => {
    const worker = `
      import { Cognate } from 'cognate/kernel';
      let cognate;
      export default {
        async fetch(request) {
          cognate ??= await Cognate.open();
          return cognate.fetch(request);
        },
      };`;
    await writeFile(join(folder, 'worker.mjs'), worker);
    const flags = ['--bundle', '--format=esm', '--conditions=workerd', '--loader:.wasm=copy'];
    const names = ['--asset-names=[name]', '--outdir=worker', '--log-level=warning'];
    await execute(join(JS, 'node_modules/.bin/esbuild'), ['worker.mjs', ...flags, ...names], { cwd: folder });
    const port = await freePort();
    await writeFile(join(folder, 'worker/config.capnp'), config(port));
    const workerd = createRequire(path('../../edge/package.json'))('workerd').default;
    const server = await start(workerd, ['serve', join(folder, 'worker/config.capnp')], { port });
    t.after(server.kill);
    await settle(administrator(REGION, server.endpoint));
  });
});
