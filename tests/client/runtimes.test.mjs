// Does the whole service run where there is no Worker? The packed package in Node, Deno and Bun:
// AWS's SDK signs users in, and they are still there after a kill.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { administrator, createClient, createPool, createUser, REGION, signIn } from '../sdk/world.mjs';
import { start } from './start.mjs';

const execute = promisify(execFile);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const tool = (name) => path(`../node_modules/.bin/${name}`);

const HAS_SQLITE = await import('node:sqlite').then(() => true, () => false);

const RUNTIMES = {
  node: { program: process.execPath, flags: ['--no-warnings'], sqlite: HAS_SQLITE ? 'kept' : 'notSupported' },
  deno: { program: tool('deno'), flags: ['run', '--allow-all', '--quiet'], sqlite: 'kept' },
  bun: { program: tool('bun'), flags: [], sqlite: 'kept' },
};

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognate-runtimes-'));
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const js = path('../../js');
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: js });
  const packed = join(folder, JSON.parse(stdout)[0].filename);
  await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', packed], { cwd: folder });
  await symlink(path('../node_modules/@aws-sdk'), join(folder, 'node_modules/@aws-sdk'));
  await cp(path('../../js/examples'), folder, { recursive: true });
  await cp(path('runtimes'), folder, { recursive: true });
});

after(() => rm(folder, { recursive: true, force: true }));

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
      const poolId = await createPool({}, first.aws);
      const { ClientId } = await createClient(poolId, {}, first.aws);
      const { username } = await createUser(poolId, {}, first.aws);
      const { AccessToken } = await signIn(poolId, ClientId, username, first.aws);
      assert.equal((await first.aws.getUser({ AccessToken })).Username, username);
      await first.kill();
      const second = await serve(name, store);
      t.after(second.kill);
      const again = await signIn(poolId, ClientId, username, second.aws);
      assert.equal((await second.aws.getUser({ AccessToken: again.AccessToken })).Username, username);
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
