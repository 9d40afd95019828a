import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

test('what must not compile does not, and what must does', () => {
  const at = (path) => fileURLToPath(new URL(path, import.meta.url));
  const tsc = at('../node_modules/typescript/bin/tsc');
  const args = [tsc, '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'];
  args.push('--skipLibCheck', '--lib', 'es2022,dom,dom.iterable', '--types', 'node');
  try {
    // Types of packages are looked for from where the compiler runs.
    const options = { cwd: at('..'), encoding: 'utf8' };
    execFileSync(process.execPath, [...args, at('types/verify.ts')], options);
  } catch (error) {
    assert.fail(error.stdout);
  }
});
