// How are the two servers started, and what do they use?

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the kernel counts CPU time in, on every Linux. */
const TICK_MS = 10;

/** A running server with a state of its own, which goes with it. */
class Server {
  constructor(child, pid, endpoint, state) {
    Object.assign(this, { child, pid, endpoint, state });
  }

  /** The CPU time that it used so far, in milliseconds. */
  cpuMs() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  async stop() {
    if (this.child.exitCode === null) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.state, { recursive: true, force: true });
  }
}

/** Cognate, as `cargo xtask serve` starts it. */
export async function cognate() {
  const serve = process.env.COGNATE_SERVE ?? 'cargo xtask serve --no-build --print-ready';
  const [program, ...args] = serve.split(' ');
  const state = folder();
  const child = spawn(program, [...args, '--port', '0', '--state', state], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { endpoint, pid } = JSON.parse(line);
    return new Server(child, pid, endpoint, state);
  }
  throw new Error(`\`${serve}\` ended before it was ready`);
}

/** The reference, on the same workerd. */
export async function reference() {
  const state = folder();
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const child = start('tests/load/reference.capnp', endpoint, state, {});
  const server = new Server(child, child.pid, endpoint, state);
  await firstAnswer(`${endpoint}/nothing`, child);
  return server;
}

/** A bare Worker with a bucket; both end together. */
export async function bucket() {
  const buckets = `http://127.0.0.1:${await freePort()}`;
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const state = folder();
  const external = `--external-addr=files=${buckets.replace('http://', '')}`;
  const objects = start('edge/objects.capnp', buckets, folder(), {}, '--experimental');
  const child = start('tests/load/objects.capnp', endpoint, state, {}, external);
  child.once('exit', () => objects.kill('SIGTERM'));
  const server = new Server(child, child.pid, endpoint, state);
  await firstAnswer(endpoint, child);
  return server;
}

/** How long it takes from nothing to Cognate's first answer, in milliseconds. */
export async function startup() {
  const state = folder();
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const started = performance.now();
  const child = start('edge/workerd.capnp', endpoint, state, settings());
  const server = new Server(child, child.pid, endpoint, state);
  try {
    await firstAnswer(`${endpoint}/`, child);
    return performance.now() - started;
  } finally {
    await server.stop();
  }
}

function start(config, endpoint, state, env, ...more) {
  const { WORKERD } = process.env;
  if (!WORKERD) throw new Error('WORKERD is not set: `cargo xtask load` sets it');
  const address = endpoint.replace('http://', '');
  const paths = [`--socket-addr=http=${address}`, `--directory-path=state=${state}`];
  const args = config.includes('load/objects') ? [paths[0], ...more] : [...paths, ...more];
  const stdio = ['ignore', 'inherit', 'inherit'];
  return spawn(WORKERD, ['serve', join(ROOT, config), ...args], { env, stdio });
}

/** The settings of development. */
function settings() {
  const text = readFileSync(join(ROOT, 'edge/.dev.vars'), 'utf8');
  return Object.fromEntries([...text.matchAll(/^(\w+)="(.*)"$/gm)].map(([, k, v]) => [k, v]));
}

async function firstAnswer(url, child) {
  while (child.exitCode === null) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.status === 200) return;
      throw new Error(`${url} was answered with ${response.status}`);
    } catch (error) {
      // Not listening yet.
      if (error.cause?.code !== 'ECONNREFUSED') throw error;
      await sleep(2);
    }
  }
  throw new Error('the server ended before it answered');
}

function folder() {
  return mkdtempSync(join(tmpdir(), 'cognate-load-'));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}
