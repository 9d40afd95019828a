// Do real clients agree with the service that runs in a Node process? All their tests again, with it
// behind a server of ten lines.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { start } from './start.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
// Functions at an address are called by Workers only, which alone have buckets; a process is given
// functions of its own.
const ELSEWHERE = new Set(
  ['custom_challenges', 'objects', 'objects_attacks', 'sessions_of_challenges'].map(
    (name) => `${name}.test.mjs`,
  ),
);
const LIMIT_MS = 600_000;

test('what clients ask of a Worker, they get of a process', { timeout: LIMIT_MS }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'cognate-embedded-'));
  const env = { ADDRESS_HEADER: 'cf-connecting-ip', STORE: join(folder, 'users') };
  const server = await start(process.execPath, [path('../../js/examples/node.mjs')], { env });
  t.after(async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });
  const names = (await readdir(path('../sdk'))).filter(
    (name) => name.endsWith('.test.mjs') && !ELSEWHERE.has(name),
  );
  assert.ok(names.length > 0);
  // What they did is written down elsewhere, for the Worker.
  const { COGNATE_MATRIX, NODE_TEST_CONTEXT, ...rest } = process.env;
  const files = names.map((name) => path(`../sdk/${name}`));
  const flags = ['--test', '--test-reporter=spec', ...files];
  const clients = spawn(process.execPath, flags, {
    cwd: path('..'),
    env: { ...rest, COGNATE_ENDPOINT: server.endpoint },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  clients.stdout.setEncoding('utf8').on('data', (text) => (told += text));
  const [code] = await once(clients, 'exit');
  assert.equal(code, 0, told.slice(told.indexOf('failing tests')));
  assert.ok(Number(/ℹ pass (\d+)/.exec(told)?.[1]) > names.length);
});
