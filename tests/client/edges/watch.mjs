// Along which edges of a sign-in is a client led? A proxy before the service sees what is on the wire,
// whatever the client makes of it.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';

import { ENDPOINT } from '../../sdk/world.mjs';

/** Puts a proxy before the service: where it is, and the edges that were seen through it. */
export async function watch() {
  const edges = new Set();
  const server = createServer(async (given, response) => {
    const body = await whole(given);
    const sent = ask(`${ENDPOINT}${given.url}`, { method: given.method, headers: given.headers });
    sent.end(body);
    const [answer] = await once(sent, 'response');
    const text = await whole(answer);
    note(edges, given.headers['x-amz-target'], body, answer.statusCode === 200 && text);
    response.writeHead(answer.statusCode, answer.headers).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: `http://127.0.0.1:${server.address().port}`, edges, close };
}

async function whole(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function note(edges, target, body, answer) {
  if (!answer || !/\.(Admin)?(InitiateAuth|RespondToAuthChallenge)$/.test(target)) return;
  const { AuthFlow, ChallengeName } = JSON.parse(body);
  // A refresh is no sign-in.
  if (AuthFlow?.startsWith('REFRESH_TOKEN')) return;
  const { ChallengeName: next = 'TOKENS' } = JSON.parse(answer);
  edges.add(edge(AuthFlow ?? ChallengeName, next));
}

const edge = (from, to) => `${from} -> ${to}`;

/** The edges that are drawn in the kernel. */
export function drawn() {
  const source = new URL('../../../kernel/src/flow.rs', import.meta.url);
  const text = readFileSync(source, 'utf8').split('\n');
  const lines = text.filter((line) => line.startsWith('//! ')).map((line) => line.slice(4));
  const sides = (between) =>
    lines.filter((line) => line.includes(between)).map((line) => line.trim().split(between));
  const named = new Map(sides(' = ').map(([name, states]) => [name.trim(), states]));
  const spread = (states) =>
    states.trim().split(/\s+/).flatMap((one) => (named.has(one) ? spread(named.get(one)) : one));
  const edges = ([from, to]) => spread(to).map((one) => edge(from.trim(), one));
  return [...new Set(sides(' -> ').flatMap(edges))];
}

/** The table: an edge a line, a client a column. */
export function table(seen) {
  const rows = drawn()
    .map((one) => [one, ...[...seen.values()].map((edges) => (edges.has(one) ? 'seen' : '-'))])
    .filter((row) => row.includes('seen'));
  const all = [['edge', ...seen.keys()], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0]), rule, ...rows.map(line)].join('\n');
}
