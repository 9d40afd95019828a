// How are requests sent, and how many come back in a while?

import { Agent, request } from 'node:http';

/** A client of one server, with connections that stay open. */
export class Client {
  constructor(endpoint, connections) {
    const { hostname, port } = new URL(endpoint);
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.options = { hostname, port, agent, method: 'POST' };
    this.agent = agent;
  }

  /** Posts a body; gives the answer's body as text. Anything but 200 is an error. */
  post(path, headers, body) {
    return new Promise((resolve, reject) => {
      const length = Buffer.byteLength(body);
      const all = { ...headers, 'content-length': length };
      const sent = request({ ...this.options, path, headers: all }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${path} was answered with ${response.statusCode}: ${text}`));
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close() {
    this.agent.destroy();
  }
}

/**
 * A closed loop: each of `concurrency` workers does one piece of work after another for `seconds`.
 * Gives how many were done a second, and the server's CPU time for each of them.
 */
export async function drive(work, { concurrency, seconds, server }) {
  const cpuBefore = server.cpuMs();
  const end = performance.now() + seconds * 1000;
  let [inTime, done] = [0, 0];
  async function worker() {
    while (performance.now() < end) {
      await work();
      done += 1;
      if (performance.now() < end) inTime += 1;
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { rate: inTime / seconds, cpuMs: (server.cpuMs() - cpuBefore) / done };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
