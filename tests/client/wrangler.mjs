// How does a test run the Worker under `wrangler dev`, as whoever develops with it does?

import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from './start.mjs';

const EDGE = fileURLToPath(new URL('../../edge/', import.meta.url));
const WRANGLER = join(createRequire(join(EDGE, 'package.json')).resolve('wrangler/package.json'), '../bin/wrangler.js');
const START_MS_MAX = 60_000;

// Names below `localhost` are this machine (RFC 6761 §6.3), which not every resolver knows.
const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name.endsWith('.localhost') ? 'localhost' : name, ...rest);

/** Starts it with what was built, over a fresh folder; gives what stops it. It speaks TLS with a key
 * of its own, which this process takes from then on. */
export async function develop() {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'cognate-dev-'));
  const settings = await readFile(join(EDGE, 'wrangler.toml'), 'utf8');
  const built = settings
    .replace(/^main = .*$/m, `main = "${join(EDGE, 'build/worker.js')}"`)
    .replace(/^\[build\]\n(?:.+\n)+/m, '');
  await writeFile(join(folder, 'wrangler.toml'), built);
  await copyFile(join(EDGE, '.dev.vars'), join(folder, '.dev.vars'));
  const args = ['dev', '--local', '--ip', '127.0.0.1', '--port', String(port)];
  const quietly = ['--local-protocol', 'https', '--inspector-port', '0', '--show-interactive-dev-session=false'];
  const child = spawn(process.execPath, [WRANGLER, ...args, ...quietly, '--persist-to', folder], {
    cwd: folder,
    // It has children of its own, which end with their group.
    detached: true,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
  const endpoint = `https://localhost:${port}`;
  const stop = async () => {
    process.kill(-child.pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const until = Date.now() + START_MS_MAX;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`wrangler does not answer:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { endpoint, log: () => log, stop };
}

async function answers(endpoint) {
  try {
    return (await fetch(endpoint)).ok;
  } catch {
    return false;
  }
}
