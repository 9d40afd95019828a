// Which client was seen to take which step of the main job?
//
// Each client's test takes its steps through `client(name)`. With COGNATE_MATRIX set to a file, the
// outcome of each is appended there, one JSON object a line; boto3's tests append to the same file.
// `node sdk/matrix.mjs FILE` prints the table.

import { appendFileSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** The steps of the main job, in their order. A client that has no such call leaves it out. */
export const STEPS = [
  'create a pool',
  'create a client',
  'create a client with a secret',
  'sign up',
  'an unconfirmed user is refused',
  'resend the code',
  'confirm with the code that was sent',
  'sign in by SRP',
  'sign in by password',
  'a wrong password is refused',
  'the tokens carry the groups',
  'complete a new password',
  'read the user',
  'change the password',
  'reset a forgotten password',
  'refresh',
  'sign out everywhere',
  'refresh is refused after it',
  'reading the user is refused after it',
];

const FILE = process.env.COGNATE_MATRIX;

/** Registers the steps of one client as tests, and records how they end. */
export function client(name) {
  return (step, run) => {
    if (!STEPS.includes(step)) throw new Error(`the main job has no step "${step}"`);
    return test(`${name}: ${step}`, async (t) => {
      let outcome = 'fail';
      try {
        await run(t);
        outcome = 'pass';
      } finally {
        if (FILE) appendFileSync(FILE, `${JSON.stringify({ client: name, step, outcome })}\n`);
      }
    });
  };
}

/** The table, from the recorded lines. */
export function table(lines) {
  const seen = new Map();
  const clients = [];
  for (const line of lines.split('\n').filter(Boolean)) {
    const { client: name, step, outcome } = JSON.parse(line);
    if (!clients.includes(name)) clients.push(name);
    seen.set(`${name}\n${step}`, outcome);
  }
  clients.sort();
  const rows = STEPS.map((step) => [step, ...clients.map((name) => seen.get(`${name}\n${step}`) ?? '-')]);
  const all = [['step', ...clients], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0]), rule, ...rows.map(line)].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(table(readFileSync(process.argv[2] ?? FILE, 'utf8')));
}
