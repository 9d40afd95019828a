// Is everything that the package exports explained, and do the words agree with one another?

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Application, LogLevel } from 'typedoc';
import ts from 'typescript';

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
    entryPoints: ['client', 'credentials', 'kernel', 'requests', 'verify'].map((name) => js(`src/${name}.ts`)),
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

/** What the blocks of the README take for granted. */
const GIVEN = [
  ...[
    'userPoolId',
    'clientId',
    'identityPoolId',
    'endpoint',
    'email',
    'username',
    'password',
    'token',
    'verifierKey',
  ].map((name) => `declare const ${name}: string;`),
  'declare function ask(what: string): Promise<string>;',
  'declare function show(what: unknown): void;',
].join('\n');

test('what the README shows compiles', async (t) => {
  // Inside of the package, so that it is found by its own name.
  const folder = await mkdtemp(js('test/readme-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const readme = readFileSync(js('README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
  assert.ok(blocks.length > 4);
  const files = await Promise.all(
    blocks.map(async (code, index) => {
      const file = join(folder, `block-${index}.ts`);
      await writeFile(file, `export {};\n${code}`);
      return file;
    }),
  );
  await writeFile(join(folder, 'given.d.ts'), GIVEN);
  const program = ts.createProgram([...files, join(folder, 'given.d.ts')], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    // Else it is looked for from where the tests run.
    typeRoots: [js('node_modules/@types')],
  });
  const told = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  assert.deepEqual(told, []);
});
