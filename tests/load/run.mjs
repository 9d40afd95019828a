// How fast is Cognate, beside the least that workerd can do?
//
//   cargo xtask load                        all of it, about four minutes
//   cargo xtask load --quick                short rounds, to see whether it runs
//   cargo xtask load --only GetUser         one workload (again for more)
//   cargo xtask load --json FILE            the numbers as JSON as well
//
// Two servers run on bare workerd, each with a fresh state: Cognate, as `cargo xtask serve` starts
// it, and a reference (`reference.js`): a Worker and a Durable Object in plain JavaScript that do
// nothing but the parts of an operation. Both get the same requests, 16 at a time over connections
// that stay open, in short rounds that alternate, so that whatever else the machine does hits both.
// Medians of the rounds are compared. Rates mean nothing beyond one run; ratios do.
//
//   rate        units of work a second: a request, or for SRP the two requests of a sign-in
//   CPU         the server's CPU time for each unit, which tells more when the machine is shared
//   of rate,    Cognate's rate beside that of the reference doing the operation's parts, and the
//   of CPU      reference's CPU time beside Cognate's: 100 % is as good as only the parts
//   of the sum  Cognate's rate beside 1 / (the times of the parts, each measured apart, added up)
//
// It builds nothing: `cargo xtask load` does, and says where workerd is.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { Client, drive, median } from './client.mjs';
import { cognate, reference, startup } from './server.mjs';
import { workloads } from './workloads.mjs';

const CONCURRENCY = 16;
/** The part of the reference's rate that Cognate is to reach. */
const TARGET = 0.8;
const SRP_MS_MAX = 7.5;
const STARTUP_MS_MAX = 100;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  },
});
const [ROUNDS, SECONDS, STARTS] = options.quick ? [1, 1, 3] : [5, 3, 5];

const started = [];
for (let n = 0; n < STARTS; n += 1) started.push(await startup());

const servers = [];
try {
  servers.push(await cognate());
  servers.push(await reference());
  const report = await measure(...servers);
  print(report);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (!report.workloads.every(({ holds }) => holds)) process.exitCode = 1;
} finally {
  for (const server of servers) await server.stop();
}

async function measure(ours, theirs) {
  const clients = [ours, theirs].map(({ endpoint }) => new Client(endpoint, CONCURRENCY));
  const all = await workloads(...clients, ours.endpoint);
  const chosen = all.filter(({ name }) => !options.only.length || options.only.includes(name));
  if (chosen.length === 0) throw new Error(`there are ${all.map(({ name }) => name).join(', ')}`);
  const parts = await measureParts(clients[1], theirs);
  const rows = [];
  for (const workload of chosen) rows.push(await compare(workload, ours, theirs, parts));
  for (const client of clients) client.close();
  return {
    machine: `${cpus().length} × ${cpus()[0].model}`,
    concurrency: CONCURRENCY,
    rounds: ROUNDS,
    seconds: SECONDS,
    startupMs: median(started),
    parts,
    workloads: rows,
  };
}

/** What each part costs apart: milliseconds on the clock and of CPU. */
async function measureParts(client, server) {
  const parts = {};
  for (const name of ['nothing', 'read', 'write', 'insert']) {
    progress(`alone: ${name}`);
    const work = () => client.post(`/${name}`, {}, '{}');
    const rounds = await alternate([{ work, server }]);
    parts[name] = { ms: 1000 / rounds[0].rate, cpuMs: rounds[0].cpuMs };
  }
  for (const [name, times] of [['sign', 300], ['verify', 300], ['password', 300], ['begin', 300], ['finish', 50]]) {
    progress(`alone: ${name}`);
    parts[name] = await repeated(client, server, name, times);
  }
  return parts;
}

/** One piece of work, many times within one request. */
async function repeated(client, server, name, times) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [started, cpuBefore] = [performance.now(), server.cpuMs()];
    await client.post(`/${name}?times=${times}`, {}, '{}');
    const ms = (performance.now() - started) / times;
    // The first one warms up.
    if (round > 0) rounds.push({ ms, cpuMs: (server.cpuMs() - cpuBefore) / times });
  }
  return { ms: median(rounds.map(({ ms }) => ms)), cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)) };
}

async function compare(workload, ours, theirs, parts) {
  const { name, cognate, reference, parts: names, isJudged = true } = workload;
  progress(name);
  const sides = [{ work: cognate, server: ours }, { work: reference, server: theirs }];
  const [own, bare] = await alternate(sides);
  const sumMs = names.reduce((sum, part) => sum + parts[part].ms, 0);
  const ofRate = own.rate / bare.rate;
  const ofCpu = bare.cpuMs / own.cpuMs;
  const ofSum = (own.rate * sumMs) / 1000;
  const holds = !isJudged || ofRate >= TARGET;
  return { name, parts: names, own, bare, ofRate, ofCpu, ofSum, isJudged, holds };
}

/** Rounds of each side in turn, after one that warms up; gives the medians of each. */
async function alternate(sides) {
  const rounds = sides.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { work, server }] of sides.entries()) {
      const result = await drive(work, { concurrency: CONCURRENCY, seconds: SECONDS, server });
      if (round > 0) rounds[index].push(result);
    }
  }
  return rounds.map((results) => ({
    rate: median(results.map(({ rate }) => rate)),
    cpuMs: median(results.map(({ cpuMs }) => cpuMs)),
    rates: results.map(({ rate }) => rate),
  }));
}

function print({ machine, parts, workloads, startupMs }) {
  console.log(`\n${machine}, concurrency ${CONCURRENCY}, ${ROUNDS} rounds of ${SECONDS} s\n`);
  line(['part, alone', 'ms', 'CPU ms']);
  for (const [name, { ms, cpuMs }] of Object.entries(parts)) {
    line([name, ms.toFixed(3), cpuMs.toFixed(3)]);
  }
  console.log();
  line(['', 'rate', 'bare', 'CPU ms', 'bare', 'of rate', 'of CPU', 'of sum', '']);
  for (const { name, own, bare, ofRate, ofCpu, ofSum, isJudged, holds } of workloads) {
    const rates = [own.rate.toFixed(0), bare.rate.toFixed(0)];
    const cpu = [own.cpuMs.toFixed(3), bare.cpuMs.toFixed(3)];
    const judgement = holds ? 'holds' : `below ${percent(TARGET)}`;
    const verdict = isJudged ? judgement : '';
    line([name, ...rates, ...cpu, percent(ofRate), percent(ofCpu), percent(ofSum), verdict]);
  }
  const stepMs = parts.begin.ms + parts.finish.ms;
  console.log(`\nSRP, the server's two steps: ${stepMs.toFixed(2)} ms (at most ${SRP_MS_MAX})`);
  console.log(`startup: ${startupMs.toFixed(0)} ms to the first answer (below ${STARTUP_MS_MAX})`);
}

function line([first, ...rest]) {
  console.log(first.padEnd(18) + rest.map((cell) => cell.padStart(9)).join(''));
}

function percent(ratio) {
  return `${(100 * ratio).toFixed(0)} %`;
}

function progress(what) {
  console.error(`[load] ${what}`);
}
