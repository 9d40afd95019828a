// How does a test run the bundle on a workerd of its own, with the wrapper around it?

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const EDGE = fileURLToPath(new URL('../../edge/', import.meta.url));
const WORKERD = createRequire(join(EDGE, 'package.json'))('workerd').default;
const START_MS_MAX = 30_000;

/** `(module (func (export "trap") unreachable))` */
const TRAP = Buffer.from('0061736d010000000104016000000302010007080104747261700000', 'hex');
const TRAP_CODE = Buffer.from('0a05010300000b', 'hex');

/**
 * Starts a server over a fresh folder, or over one that an earlier server left. What it asks of
 * others goes to the port `outside`, if there is one: every host of the internet is there.
 */
export async function start({ folder, outside, vars = {} } = {}) {
  folder ??= await mkdtemp(join(tmpdir(), 'cognate-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  await mkdir(join(folder, 'state'), { recursive: true });
  await copyFile(join(EDGE, 'build/worker.js'), join(folder, 'worker.js'));
  await copyFile(join(EDGE, 'build/index_bg.wasm'), join(folder, 'index_bg.wasm'));
  for (const name of ['wrapper.js', 'wasm.js']) await copyFile(join(HERE, name), join(folder, name));
  await copyFile(join(EDGE, 'kv.js'), join(folder, 'kv.js'));
  await writeFile(join(folder, 'trap.wasm'), Buffer.concat([TRAP, TRAP_CODE]));
  const given = await settings(vars);
  await writeFile(join(folder, 'config.capnp'), config({ port, outside, vars: given }));

  const state = `--directory-path=state=${join(folder, 'state')}`;
  const workerd = spawn(WORKERD, ['serve', join(folder, 'config.capnp'), state], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const client = (credentials) =>
    new CognitoIdentityProvider({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  let log = '';
  for (const stream of [workerd.stdout, workerd.stderr]) stream.on('data', (data) => (log += data));
  const ended = once(workerd, 'exit');
  const server = {
    endpoint,
    folder,
    pid: workerd.pid,
    log: () => log,
    admin: client({
      accessKeyId: given.COGNATE_ACCESS_KEY_ID,
      secretAccessKey: given.COGNATE_SECRET_ACCESS_KEY,
    }),
    anyone: client({ accessKeyId: 'nobody', secretAccessKey: 'nothing' }),
    inspect: (name, query = {}) => inspect(endpoint, name, query),
    async kill() {
      workerd.kill('SIGKILL');
      await ended;
    },
    async stop() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await answering(server, workerd);
  return server;
}

async function inspect(endpoint, name, query) {
  const response = await fetch(`${endpoint}/_inspection/${name}?${new URLSearchParams(query)}`);
  return response.json();
}

async function answering({ endpoint, log }, workerd) {
  const until = Date.now() + START_MS_MAX;
  for (;;) {
    try {
      await fetch(endpoint);
      return;
    } catch (error) {
      if (workerd.exitCode !== null || Date.now() > until) {
        throw new Error(`workerd does not answer:\n${log()}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The settings of local development, and what the test wants otherwise. */
export async function settings(vars) {
  const text = await readFile(join(EDGE, '.dev.vars'), 'utf8');
  const lines = text.matchAll(/^([A-Z_]+)="(.*)"$/gm);
  const given = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  return { ...given, ...vars };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function config({ port, outside, vars }) {
  const internet =
    outside === undefined
      ? 'network = (allow = ["public", "private"])'
      : `external = (address = "127.0.0.1:${outside}", http = (forwardedProtoHeader = "X-Forwarded-Proto"))`;
  const bindings = Object.entries(vars).map(
    ([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)}),`,
  );
  return `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "cognate", worker = .cognate),
    (name = "cache", worker = .cache),
    (name = "state", disk = (writable = true)),
    (name = "internet", ${internet}),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "cognate")],
);

const cognate :Workerd.Worker = (
  modules = [
    (name = "wrapper.js", esModule = embed "wrapper.js"),
    (name = "wasm.js", esModule = embed "wasm.js"),
    (name = "trap.wasm", wasm = embed "trap.wasm"),
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "index_bg.wasm", wasm = embed "index_bg.wasm"),
  ],
  compatibilityDate = "2026-04-24",
  compatibilityFlags = ["nodejs_compat"],
  globalOutbound = "internet",
  durableObjectNamespaces = [
    (className = "Account", uniqueKey = "cognate-account", enableSql = true),
    (className = "IdentityPool", uniqueKey = "cognate-identity-pool", enableSql = true),
    (className = "UserPool", uniqueKey = "cognate-user-pool", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [
    (name = "ACCOUNT", durableObjectNamespace = "Account"),
    (name = "IDENTITY_POOL", durableObjectNamespace = "IdentityPool"),
    (name = "USER_POOL", durableObjectNamespace = "UserPool"),
    (name = "CACHE", kvNamespace = "cache"),
    ${bindings.join('\n    ')}
  ],
);

const cache :Workerd.Worker = (
  modules = [(name = "kv.js", esModule = embed "kv.js")],
  compatibilityDate = "2026-04-24",
  durableObjectNamespaces = [
    (className = "Namespace", uniqueKey = "cognate-kv", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [(name = "NAMESPACE", durableObjectNamespace = "Namespace")],
);
`;
}
