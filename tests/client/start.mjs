// How is a program started that listens somewhere?

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const START_MS_MAX = 30_000;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a server that is told its port by `PORT`, or knows it; gives where it is, and how to kill it. */
export async function start(program, args, { cwd, env = {}, port: known } = {}) {
  const port = known ?? (await freePort());
  const all = { ...process.env, ...env, PORT: String(port) };
  // What it starts itself, as wrangler does, ends with its group.
  const stdio = ['ignore', 'inherit', 'inherit'];
  const server = spawn(program, args, { cwd, detached: true, env: all, stdio });
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    process.kill(-server.pid, 'SIGKILL');
    await gone;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + START_MS_MAX; ; ) {
    if (await fetch(endpoint).then(() => true, () => false)) return { endpoint, kill };
    if (server.exitCode !== null || Date.now() > until) {
      await kill();
      assert.fail(`${program} ${args.join(' ')} does not answer`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
