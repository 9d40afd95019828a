import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

/** What a page may pay for the whole entry, minified and compressed. */
const GZIP_BYTES_MAX = 6_000;

test('all of the entry is small', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve('cognate/verify'))],
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    write: false,
  });
  const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  assert.ok(bytes < GZIP_BYTES_MAX, `${bytes} bytes`);
});
