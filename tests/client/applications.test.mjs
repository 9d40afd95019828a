// Does the packed package work in Deno and in Bun, and built by webpack?

import assert from 'node:assert/strict';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import webpack from 'webpack';

import { execute, install, JS, settle, SIGNED_IN } from './packed.mjs';

const tool = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

let folder;
let remove;
let settings;

before(async () => {
  ({ folder, remove } = await install());
  settings = await settle();
});

after(() => remove?.());

/** What `start.mjs` starts, for an application that lies there. */
const start = (application, more = '') => `
  import { run } from '${application}';
  const settings = ${JSON.stringify(settings)};
  console.log(JSON.stringify(await run({ ...settings ${more} })));`;

const RUNTIMES = {
  Node: ['node', []],
  Deno: [tool('deno'), ['run', '--quiet', '--no-config', '--node-modules-dir=manual', '--allow-net', '--allow-read']],
  Bun: [tool('bun'), ['run']],
};

async function runIn(name, source, cwd = folder) {
  const [program, flags] = RUNTIMES[name];
  await writeFile(join(cwd, 'start.mjs'), source);
  const { stdout } = await execute(program, [...flags, 'start.mjs'], { cwd });
  return JSON.parse(stdout);
}

/** Does something while some files are away. */
async function without(place, isAway, task) {
  const files = (await readdir(place)).filter(isAway).map((name) => join(place, name));
  assert.ok(files.length > 0, 'there is something to do without');
  for (const file of files) await rename(file, `${file}.away`);
  try {
    await task();
  } finally {
    for (const file of files) await rename(`${file}.away`, file);
  }
}

for (const name of ['Deno', 'Bun']) {
  test(`it signs in and verifies in ${name}, by wasm`, async () => {
    const place = join(folder, 'node_modules/cognate/dist/client');
    await without(place, (name) => name === 'bigint.js', async () => {
      assert.deepEqual(await runIn(name, start('./main.mjs')), SIGNED_IN);
    });
  });
}

// The suites say more than an application that goes well. Those of the kernel are elsewhere, and
// those about files and compilers are Node's.
const SUITES = ['answers', 'challenges', 'cookies', 'devices', 'errors', 'lock', 'session', 'srp', 'verify']
  .concat(['verify_judges', 'verify_keys', 'verify_protect', 'wire'])
  .map((name) => `./test/${name}.test.mjs`);

test('the tests of client and verifier pass in Deno', async () => {
  const flags = ['--no-check', '--quiet', '--allow-all', '--no-config', '--node-modules-dir=manual'];
  const { stdout } = await execute(tool('deno'), ['test', ...flags, ...SUITES], { cwd: JS });
  const [, passed] = /(\d+) passed/.exec(stdout.replaceAll(/\x1b\[[\d;]*m/g, ''));
  assert.ok(Number(passed) > 100, stdout.slice(-300));
});

test('the tests of client and verifier pass in Bun', async () => {
  const { stderr } = await execute(tool('bun'), ['test', ...SUITES], { cwd: JS });
  assert.ok(Number(/(\d+) pass/.exec(stderr)[1]) > 100, stderr.slice(-300));
});

/** Builds the application, and gives the names of what came out. */
async function pack(target, out) {
  const compiler = webpack({
    mode: 'production',
    context: folder,
    entry: './main.mjs',
    target,
    experiments: { outputModule: true },
    output: {
      path: join(folder, out),
      filename: 'main.mjs',
      chunkFilename: 'later.[contenthash].mjs',
      module: true,
      library: { type: 'module' },
    },
    optimization: { splitChunks: false },
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, done) => (error ? reject(error) : resolve(done)));
  });
  await new Promise((resolve) => compiler.close(resolve));
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
  return readdir(join(folder, out));
}

// The page's build runs in Deno, which fetches files and has nothing of Node's by default.
for (const [target, runtime] of [
  [['web', 'es2022'], 'Deno'],
  ['node20', 'Node'],
]) {
  test(`webpack builds it for ${target} with one wasm, and that signs in`, async () => {
    const out = `webpack-${runtime}`;
    const files = await pack(target, out);
    assert.equal(files.filter((name) => name.endsWith('.wasm')).length, 1, files.join());
    // What is loaded later is not needed: the slow arithmetic, and what some pools want.
    await without(join(folder, out), (name) => name.startsWith('later.'), async () => {
      assert.deepEqual(await runIn(runtime, start('./main.mjs'), join(folder, out)), SIGNED_IN);
    });
  });
}
