// Is everything that the package exports explained, and do the words agree with one another?

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Application, LogLevel } from 'typedoc';

const js = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const source = readFileSync(js('src/errors.ts'), 'utf8');

/** Every code of errors, with what is said about it. */
const CODES = Object.fromEntries(
  [...source.matchAll(/\/\*\* (.+) \*\/\n {2}\| '(\w+)'/g)].map(([, said, code]) => [code, said]),
);

test('the pages of the API have a word on everything, and no link that leads nowhere', async (t) => {
  const out = await mkdtemp(join(tmpdir(), 'cognate-docs-'));
  t.after(() => rm(out, { recursive: true, force: true }));
  const app = await Application.bootstrapWithPlugins({
    options: js('typedoc.json'),
    tsconfig: js('tsconfig.json'),
    entryPoints: ['client', 'kernel', 'verify'].map((name) => js(`src/${name}.ts`)),
    readme: js('README.md'),
    out,
  });
  const missing = [];
  app.logger.log = (message, level) => void (level >= LogLevel.Warn && missing.push(message));
  const project = await app.convert();
  assert.ok(project, missing.join('\n'));
  app.validate(project);
  // The one value that a `step` may have is what there is to say about it.
  const silent = missing.filter((message) => !/\.step \(Property\)/.test(message));
  assert.deepEqual(silent, []);
  await app.generateDocs(project, out);
  const page = await readFile(join(out, 'functions/client.signIn.html'), 'utf8');
  assert.match(page, /Signs a user in/);
});

test('every code of an error is explained', () => {
  const all = [...source.matchAll(/\| '(\w+)'/g)].map(([, code]) => code);
  assert.ok(all.length > 30);
  assert.deepEqual(Object.keys(CODES), all);
});

test('the table of codes in the README says what the types say', () => {
  const readme = readFileSync(js('README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, said]) => [code, said]);
  const told = Object.fromEntries(rows.filter(([code]) => code in CODES));
  assert.deepEqual(told, CODES);
});
