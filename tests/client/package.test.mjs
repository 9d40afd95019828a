// Does the package that is published work where it says it does? Only the packed file is used.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { execute, install, JS, settle, SIGNED_IN } from './packed.mjs';
import { freePort } from './start.mjs';

const START_MS_MAX = 30_000;
const EDGE = fileURLToPath(new URL('../../edge/', import.meta.url));
const tool = (name) => join(JS, 'node_modules/.bin', name);

let folder;
let packed;
let remove;
let settings;

before(async () => {
  ({ folder, packed, remove } = await install());
  settings = await settle();
});

after(() => remove?.());

/** Runs a module in a Node of its own; gives what it prints. */
async function inNode(source) {
  await writeFile(join(folder, 'start.mjs'), source);
  const env = { ...process.env, SETTINGS: JSON.stringify(settings) };
  const { stdout, stderr } = await execute('node', ['start.mjs'], { cwd: folder, env });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

/** Does something while a file is away: the slow arithmetic, where the fast one has to do. */
async function without(file, task) {
  await rename(file, `${file}.away`);
  await task();
  await rename(`${file}.away`, file);
}

async function bundle(out, ...flags) {
  const all = ['main.mjs', '--bundle', '--format=esm', '--minify', `--outdir=${out}`, ...flags];
  await execute(tool('esbuild'), [...all, '--log-level=warning'], { cwd: folder });
}

test('its types resolve, and its manifest says what is there', async () => {
  const modules = ['client/srp.wasm', 'kernel/kernel.wasm', 'requests/requests.wasm'];
  const ways = ['--profile', 'esm-only', '--exclude-entrypoints', ...modules];
  await execute(tool('attw'), [packed, ...ways]);
  const { stdout } = await execute(tool('publint'), ['run', packed, '--strict']);
  assert.match(stdout, /All good!/);
});

test('each wasm is in it once, and nothing that is not meant for others', async () => {
  const { stdout } = await execute('tar', ['-tzf', packed]);
  const files = stdout.trim().split('\n');
  const modules = files.filter((name) => name.endsWith('.wasm')).map((name) => name.split('/').at(-1));
  assert.equal(new Set(modules).size, modules.length);
  assert.ok(modules.includes('srp.wasm'));
  const stray = files.filter((name) => !/^package\/(dist\/|LICENSE-|README|package\.json)/.test(name));
  assert.deepEqual(stray, []);
});

test('it signs in from Node, by wasm', async () => {
  const source = `
    import { run } from './main.mjs';
    console.log(JSON.stringify(await run(JSON.parse(process.env.SETTINGS))));`;
  const slow = join(folder, 'node_modules/cognate/dist/client/bigint.js');
  await without(slow, async () => assert.deepEqual(await inNode(source), SIGNED_IN));
});

test('it signs in from a bundle of esbuild’s that is handed the wasm', async () => {
  await bundle('browser', '--conditions=browser', '--splitting');
  const source = `
    import { readFile } from 'node:fs/promises';
    import { run } from './browser/main.js';
    const file = new URL(import.meta.resolve('cognate/client/srp.wasm'));
    const wasm = await WebAssembly.compile(await readFile(file));
    console.log(JSON.stringify(await run({ ...JSON.parse(process.env.SETTINGS), wasm })));`;
  const slow = (await readdir(join(folder, 'browser'))).find((name) => name.startsWith('bigint-'));
  await without(join(folder, 'browser', slow), async () => {
    assert.deepEqual(await inNode(source), SIGNED_IN);
  });
});

test('it signs in from a bundle that has no wasm', async () => {
  await bundle('slow', '--conditions=browser', '--splitting');
  const source = `
    import { run } from './slow/main.js';
    console.log(JSON.stringify(await run(JSON.parse(process.env.SETTINGS))));`;
  assert.deepEqual(await inNode(source), SIGNED_IN);
});

test('it signs in from a Worker, by wasm', async (t) => {
  const worker = `
    import { run } from './main.mjs';
    export default {
      async fetch(request) {
        return Response.json(await run(await request.json()));
      },
    };`;
  await writeFile(join(folder, 'worker.mjs'), worker);
  const flags = ['--bundle', '--format=esm', '--conditions=workerd', '--loader:.wasm=copy'];
  const names = ['--asset-names=[name]', '--outdir=worker', '--external:./bigint.js', '--log-level=warning'];
  await execute(tool('esbuild'), ['worker.mjs', ...flags, ...names], { cwd: folder });
  const port = await freePort();
  await writeFile(join(folder, 'worker/config.capnp'), config(port));
  const workerd = createRequire(join(EDGE, 'package.json'))('workerd').default;
  const server = spawn(workerd, ['serve', join(folder, 'worker/config.capnp')], { stdio: 'pipe' });
  t.after(() => server.kill('SIGKILL'));
  const answer = await post(`http://127.0.0.1:${port}`, settings, server);
  assert.deepEqual(answer, SIGNED_IN);
});

async function post(url, body, server) {
  const until = Date.now() + START_MS_MAX;
  for (;;) {
    try {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      return await response.json();
    } catch (error) {
      if (server.exitCode !== null || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function config(port) {
  return `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "srp.wasm", wasm = embed "srp.wasm"),
  ],
  compatibilityDate = "2026-04-24",
  globalOutbound = "internet",
);
`;
}
