// How fast and how large is the package, beside Amazon's own clients and the usual verifiers? All in
// one run, in Node and in Chromium: `cargo xtask js && node js/bench/run.mjs`, `--rounds 10` for less.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { CLIENT_ID, ISSUER, accessClaims, makeKey, mint } from '../test/verify/issuer.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } });
const ROUNDS = Number(options.rounds);
const TOKENS = 400;

/** What the least of Amazon's takes for SRP must be that many times ours. */
const FASTER_MIN = 20;

/** By how much of the best other's time a verification may miss it: the machine is never quiet. */
const NOISE = 1.1;

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const { chromium } = createRequire(path('../../tests/package.json'))('playwright-core');
const folder = mkdtempSync(join(tmpdir(), 'cognate-bench-'));
const wasm = readFileSync(path('../dist/client/wasm/srp.wasm'));

function bundle(entry, out, ...flags) {
  const common = ['--bundle', '--format=esm', '--define:global=globalThis', '--log-level=error'];
  const program = path('../node_modules/.bin/esbuild');
  execFileSync(program, [path(entry), ...common, `--outfile=${join(folder, out)}`, ...flags]);
}

const PAGE = ['--conditions=browser', '--main-fields=browser,module,main'];
bundle('srp.mjs', 'srp.mjs', ...PAGE);
bundle('verify.mjs', 'verify.mjs', ...PAGE);
bundle('verify.mjs', 'verify-node.mjs', '--platform=node');

const work = ['RS256', 'ES256', 'EdDSA'].map((alg) => {
  const key = makeKey(alg, 'key');
  const jwts = Array.from({ length: TOKENS }, (_, n) => mint(key, accessClaims({ jti: `${n}` })));
  return { alg, issuer: ISSUER, clientId: CLIENT_ID, jwks: { keys: [key.jwk] }, jwts };
});

async function inNode() {
  const load = (name) => import(pathToFileURL(join(folder, name)));
  const [srp, verify] = [await load('srp.mjs'), await load('verify-node.mjs')];
  return { srp: await srp.measure(wasm, ROUNDS), verify: await verify.measure(work, ROUNDS) };
}

async function inChromium() {
  const served = {
    '/srp.mjs': ['text/javascript', readFileSync(join(folder, 'srp.mjs'))],
    '/verify.mjs': ['text/javascript', readFileSync(join(folder, 'verify.mjs'))],
    '/srp.wasm': ['application/wasm', wasm],
  };
  const server = createServer(({ url }, response) => {
    const [type, body] = served[url] ?? ['text/html', ''];
    response.setHeader('content-type', type).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const rows = await page.evaluate(
    async ([rounds, work]) => {
      const [srp, verify] = [await import('/srp.mjs'), await import('/verify.mjs')];
      const wasm = await (await fetch('/srp.wasm')).arrayBuffer();
      return { srp: await srp.measure(wasm, rounds), verify: await verify.measure(work, rounds) };
    },
    [ROUNDS, work],
  );
  await browser.close();
  server.close();
  return rows;
}

const cells = (values) => values.map((value) => value.padStart(16)).join('');
let holds = true;

function showSrp(where, rows) {
  const ours = rows[0].median;
  console.log(`\nSRP in ${where}`.padEnd(31) + cells(['median ms', 'first ms', '× ours']));
  for (const { name, first, median } of rows) {
    console.log(name.padEnd(30) + cells([median, first, median / ours].map((n) => n.toFixed(2))));
  }
  holds &&= Math.min(...rows.slice(2).map(({ median }) => median)) / ours >= FASTER_MIN;
}

function showVerify(where, rows) {
  const names = Object.keys(rows[0].us);
  console.log(`\nverify in ${where}, µs a token`.padEnd(31) + cells(names));
  for (const { alg, way, us } of rows) {
    const shown = names.map((name) => us[name]?.toFixed(1) ?? '–');
    console.log(`${alg} ${way}`.padEnd(30) + cells(shown));
    const others = names.slice(1).flatMap((name) => us[name] ?? []);
    holds &&= us.cognate <= Math.min(...others) * NOISE;
  }
}

/** What a page loads of it, minified. */
const SIZES = {
  'cognate: sign in': ["export { createClient, signIn } from './dist/client.js';", wasm],
  'aws-amplify: sign in': [
    "export { Amplify } from 'aws-amplify'; export { signIn } from 'aws-amplify/auth';",
  ],
  'amazon-cognito-identity-js': ["export * from 'amazon-cognito-identity-js';"],
  'cognate: verify': ["export { createVerifier, protect } from './dist/verify.js';"],
  'jose: verify': ["export { createRemoteJWKSet, jwtVerify } from 'jose';"],
  'aws-jwt-verify': ["export { CognitoJwtVerifier } from 'aws-jwt-verify';"],
};

function showSizes() {
  console.log('\nsize'.padEnd(31) + cells(['minified', 'gzipped']));
  for (const [name, [code, ...more]] of Object.entries(SIZES)) {
    const room = name.startsWith('cognate') ? '..' : '../../tests';
    const entry = path(`${room}/size.tmp.mjs`);
    writeFileSync(entry, code);
    try {
      const out = `size-${name.replaceAll(/\W+/g, '-')}`;
      const flags = ['--minify', '--splitting', `--outdir=${join(folder, out)}`, ...PAGE];
      execFileSync(path('../node_modules/.bin/esbuild'), [entry, '--bundle', '--format=esm',
        '--define:global=globalThis', '--log-level=error', ...flags]);
      const parts = [readFileSync(join(folder, out, 'size.tmp.js')), ...more];
      const sum = (weigh) => parts.reduce((total, part) => total + weigh(part).length, 0);
      const gzipped = sum((part) => gzipSync(part, { level: 9 }));
      console.log(name.padEnd(30) + cells([`${sum((part) => part)}`, `${gzipped}`]));
    } finally {
      rmSync(entry);
    }
  }
}

for (const [where, run] of Object.entries({ Node: inNode, Chromium: inChromium })) {
  const { srp, verify } = await run();
  showSrp(where, srp);
  showVerify(where, verify);
}
showSizes();
rmSync(folder, { recursive: true, force: true });
console.log(holds ? '\nholds' : `\ndoes not hold: SRP ${FASTER_MIN} times as fast, no verifier faster`);
process.exitCode = holds ? 0 : 1;
