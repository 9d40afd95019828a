// Measures the client's side of SRP in Node and in Chromium, beside Amazon's own clients, in one run:
//   cargo xtask js && node tests/load/srp.mjs

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const ROUNDS = 30;

/** What the least of Amazon's takes must be that many times ours. */
const FASTER_MIN = 20;

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cognate-srp-'));
const bundle = join(folder, 'measure.mjs');
const wasm = readFileSync(path('../../js/dist/client/wasm/srp.wasm'));

execFileSync(path('../../js/node_modules/.bin/esbuild'), [
  path('srp/measure.mjs'),
  '--bundle',
  '--format=esm',
  '--conditions=browser',
  '--main-fields=browser,module,main',
  '--define:global=globalThis',
  '--log-level=error',
  `--outfile=${bundle}`,
]);

async function inNode() {
  const { measure } = await import(pathToFileURL(bundle));
  return measure(wasm, ROUNDS);
}

async function inChromium() {
  const types = { '/measure.mjs': 'text/javascript', '/srp.wasm': 'application/wasm' };
  const bodies = { '/measure.mjs': readFileSync(bundle), '/srp.wasm': wasm };
  const server = createServer(({ url }, response) =>
    response.setHeader('content-type', types[url] ?? 'text/html').end(bodies[url] ?? ''),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const rows = await page.evaluate(async (rounds) => {
    const { measure } = await import('/measure.mjs');
    return measure(await (await fetch('/srp.wasm')).arrayBuffer(), rounds);
  }, ROUNDS);
  await browser.close();
  server.close();
  return rows;
}

let holds = true;
for (const [where, run] of Object.entries({ Node: inNode, Chromium: inChromium })) {
  const rows = await run();
  const ours = rows[0].median;
  console.log(`\n${where.padEnd(30)} median ms  first ms   × ours`);
  for (const { name, first, median } of rows) {
    const cells = [median.toFixed(2), first.toFixed(2), (median / ours).toFixed(1)];
    console.log(name.padEnd(30) + cells.map((cell) => cell.padStart(10)).join(''));
  }
  const least = Math.min(...rows.slice(2).map(({ median }) => median)) / ours;
  holds &&= least >= FASTER_MIN;
}
rmSync(folder, { recursive: true, force: true });
console.log(holds ? '\nholds' : `\nbelow ${FASTER_MIN} times`);
process.exitCode = holds ? 0 : 1;
