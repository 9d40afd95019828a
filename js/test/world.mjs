// What do the tests of the client start from: a server on this machine that answers as it is told.

import { once } from 'node:events';
import { createServer } from 'node:http';

export const POOL = 'eu-west-1_AbCdEfGhI';
export const CLIENT = '1h57kf5cpq17m0eml12example';
export const PASSWORD = 'Correct-Horse-7';

/**
 * Serves until the test ends. `answer(operation, input)` gives the body of a 200, or
 * `{ status, headers, body }` under the name `raw`, or throws a `Refusal`. Gives endpoint and calls.
 */
export async function serve(t, answer) {
  const calls = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const operation = request.headers['x-amz-target']?.split('.')[1];
    const input = JSON.parse(body);
    calls.push({ operation, input });
    try {
      const given = await answer(operation, input, calls.length);
      const { status = 200, headers = {}, body: text } = given?.raw ?? { body: JSON.stringify(given) };
      response.writeHead(status, headers).end(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(400).end(JSON.stringify({ __type: error.name, message: error.message }));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return { endpoint, calls, operations: () => calls.map(({ operation }) => operation) };
}

/** An error of the service's. */
export class Refusal extends Error {
  constructor(name, message = 'no') {
    super(message);
    this.name = name;
  }
}

export function jwt(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.c2lnbmF0dXJl`;
}

let issued = 0;

/** `AuthenticationResult` with tokens that nobody had before. */
export function tokens(settings = {}) {
  issued += 1;
  return {
    AccessToken: jwt({ username: 'ann', token_use: 'access', scope: 'a b', jti: `${issued}` }),
    IdToken: jwt({ sub: 's', token_use: 'id', 'cognito:groups': ['admins'], jti: `${issued}` }),
    RefreshToken: `refresh-${issued}`,
    ExpiresIn: 3600,
    TokenType: 'Bearer',
    ...settings,
  };
}

/** A storage whose parts can be made to fail. */
export function storage(failing = {}) {
  const kept = new Map();
  const may = (what) => {
    if (failing[what]) throw new Error(`cannot ${what}`);
  };
  return {
    kept,
    failing,
    get: (key) => (may('get'), kept.get(key) ?? null),
    set: (key, value) => (may('set'), void kept.set(key, value)),
    remove: (key) => (may('remove'), void kept.delete(key)),
  };
}

/** Whether an error is the package's, with that code. */
export function code(wanted) {
  return (error) => {
    if (error.name !== 'CognateError') throw error;
    if (error.code !== wanted) throw new Error(`${error.code}: ${error.message}`, { cause: error });
    return true;
  };
}
