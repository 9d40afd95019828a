// How does the demo become a site that a browser opens? The packed package, built by Vite.

import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { execute, install } from './packed.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SCREENSHOTS = path('../../target/screenshots');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

export async function launch() {
  await mkdir(SCREENSHOTS, { recursive: true });
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] }).catch((cause) => {
    const advice = 'apt-get install chromium, or say where it is: CHROMIUM=/path/to/chromium';
    throw new Error(`no Chromium: ${advice}`, { cause });
  });
}

/** Builds the demo, with those files instead of its own or beside them, and serves it. */
export async function publish(files = {}) {
  const { folder, remove } = await install();
  await cp(path('demo'), folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const vite = path('../node_modules/.bin/vite');
  await execute(vite, ['build', '--target', 'es2022'], { cwd: folder });
  const asked = [];
  const server = await serve(join(folder, 'dist'), asked);
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    /** The names of all files that were asked for. */
    asked,
    async close() {
      server.close();
      await remove();
    },
  };
}

async function serve(root, asked) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const name = pathname === '/' ? '/index.html' : pathname;
    asked.push(name);
    try {
      const body = await readFile(join(root, name));
      response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export const text = (page, id) => page.locator(`#${id}`).textContent();

export async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
}

export async function shoot(page, name) {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Has a page ask for new tokens, until they are seen in it or in another. */
export async function refresh(page, seenIn = page) {
  const old = await text(seenIn, 'token');
  await page.click('text=Refresh');
  await seenIn.waitForFunction((old) => document.getElementById('token').value !== old, old);
}
