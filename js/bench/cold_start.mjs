// How long until the embedded service has answered for the first time? In a process of its own each
// time: from before it is imported to the first answer, and since the process began.
//
// node js/bench/cold_start.mjs [--rounds 20]

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { child: { type: 'boolean' }, rounds: { type: 'string', default: '20' } },
});

async function start() {
  const began = performance.now();
  const { Cognate } = await import('cognate/kernel');
  const imported = performance.now();
  const cognate = await Cognate.open();
  const opened = performance.now();
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
  };
  const request = new Request(cognate.endpoint, { method: 'POST', headers, body: '{}' });
  await (await cognate.fetch(request)).text();
  const ended = performance.now();
  const [imports, opens, answers] = [imported - began, opened - imported, ended - opened];
  return { imports, opens, answers, together: ended - began, process: ended };
}

if (values.child) {
  console.log(JSON.stringify(await start()));
} else {
  const rounds = Array.from({ length: Number(values.rounds) }, () => {
    const out = execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--child']);
    return JSON.parse(out.toString());
  });
  const median = (name) => rounds.map((round) => round[name]).sort((a, b) => a - b)[rounds.length >> 1];
  const table = Object.keys(rounds[0]).map((name) => [name, { 'ms (median)': median(name).toFixed(1) }]);
  console.table(Object.fromEntries(table));
}
