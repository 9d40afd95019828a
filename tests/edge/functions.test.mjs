// Are functions called, signed, and does one that misbehaves harm nobody else?

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';

import { start } from './server.mjs';
import { createPool } from './world.mjs';

const SECRET = 'whisper';
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:';
const PASSWORD = 'Passw0rd!';

let server;
let functions;
let pool;
let quiet;
let received;
/** What is done with each request, the last one again and again. */
let answers;

before(async () => {
  functions = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ url: request.url, headers: request.headers, body });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer(response, body);
  });
  await once(functions.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${functions.address().port}`;
  server = await start({
    vars: {
      TRIGGERS: JSON.stringify({ named: `${url}/named`, bound: 'service:NOBODY' }),
      LAMBDA_ENDPOINT: url,
      WEBHOOK_SECRET: SECRET,
    },
  });
  const calls = (name) => ({ LambdaConfig: { PreSignUp: ARN + name } });
  quiet = await createPool(server);
  pool = await createPool(server, calls('any'));
  pool.named = await createPool(server, calls('named'));
  pool.bound = await createPool(server, calls('bound'));
  pool.own = await createPool(server, {
    ...calls('named'),
    UserPoolTags: { 'cognate:triggers': `${url}/own` },
  });
});

after(async () => {
  functions.closeAllConnections();
  functions.close();
  await server.stop();
});

beforeEach(() => {
  received = [];
  answers = [echo];
});

/** Returns the event as it came. */
const echo = (response, body) => response.end(body);
const status =
  (code, body = '') =>
  (response) =>
    response.writeHead(code).end(body);

let count = 0;

async function signUp({ clientId }) {
  count += 1;
  return await server.anyone.signUp({
    ClientId: clientId,
    Username: `user${count}`,
    Password: PASSWORD,
  });
}

test('a function is called as Lambda is, signed over time, id and event', async () => {
  await signUp(pool);
  assert.equal(received.length, 1);
  const [{ url, headers, body }] = received;
  assert.equal(url, '/2015-03-31/functions/any/invocations');
  const form = /^t=(\d+),id=([0-9a-f]{32}),v1=([0-9a-f]{64})$/;
  const [, seconds, id, signature] = form.exec(headers['cognate-signature']);
  assert.ok(Math.abs(Date.now() / 1000 - seconds) < 60);
  const expected = createHmac('sha256', SECRET).update(`${seconds}.${id}.${body}`).digest('hex');
  assert.equal(signature, expected);
  assert.equal(JSON.parse(body).triggerSource, 'PreSignUp_SignUp');
});

test('an ARN leads to what is named for it, a pool to its own place', async () => {
  await signUp(pool.named);
  await signUp(pool.own);
  assert.deepEqual(
    received.map(({ url }) => url),
    ['/named', '/own'],
  );
});

test('what a function says is said to the caller', async () => {
  const failed = JSON.stringify({ errorMessage: 'Not today', errorType: 'Error' });
  for (const answer of [status(200, failed), status(403, failed)]) {
    answers = [answer];
    await assert.rejects(signUp(pool), {
      name: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error Not today.',
    });
  }
});

test('a function that is down for a moment answers at last, each try signed anew', async () => {
  answers = [status(503), status(500), echo];
  await signUp(pool);
  assert.equal(received.length, 3);
  assert.equal(new Set(received.map(({ headers }) => headers['cognate-signature'])).size, 3);
});

test('garbage, floods, redirects, errors and missing bindings are refused', async () => {
  answers = [status(200, '<html>')];
  await assert.rejects(signUp(pool), { name: 'InvalidLambdaResponseException' });
  const flood = (response) => {
    const chunk = Buffer.alloc(1 << 16, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour).on('error', () => {});
    pour();
  };
  for (const answer of [flood, status(500), status(404)]) {
    answers = [answer];
    await assert.rejects(signUp(pool), { name: 'UnexpectedLambdaException' });
  }
  received = [];
  answers = [(response) => response.writeHead(307, { location: '/elsewhere' }).end()];
  await assert.rejects(signUp(pool), { name: 'UnexpectedLambdaException' });
  assert.equal(received.length, 1);
  await assert.rejects(signUp(pool.bound), { name: 'UnexpectedLambdaException' });
});

test('whoever is deleted while a function thinks does not get in', async () => {
  const called = await createPool(server, { LambdaConfig: { PostAuthentication: `${ARN}named` } });
  const { UserPoolClient } = await server.admin.createUserPoolClient({
    UserPoolId: called.poolId,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
  });
  const named = { UserPoolId: called.poolId, Username: 'ann' };
  await server.admin.adminCreateUser({ ...named, MessageAction: 'SUPPRESS' });
  await server.admin.adminSetUserPassword({ ...named, Password: PASSWORD, Permanent: true });
  const signIn = () =>
    server.anyone.initiateAuth({
      ClientId: UserPoolClient.ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ann', PASSWORD },
    });
  assert.ok((await signIn()).AuthenticationResult.AccessToken);
  answers = [
    async (response, body) => {
      await server.admin.adminDeleteUser(named);
      response.end(body);
    },
  ];
  await assert.rejects(signIn(), { name: 'UserNotFoundException' });
  assert.equal((await server.admin.listUsers({ UserPoolId: called.poolId })).Users.length, 0);
});

test('while a function hangs, others of its pool go on', async () => {
  answers = [() => {}];
  const began = Date.now();
  const hanging = signUp(pool).then(
    () => assert.fail('it hangs'),
    (error) => error,
  );
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  for (let i = 0; i < 10; i += 1) {
    await server.admin.createGroup({ UserPoolId: pool.poolId, GroupName: `g${i}` });
  }
  await signUp(quiet);
  assert.ok(Date.now() - began < 4000, 'others waited');
  const error = await hanging;
  assert.equal(error.name, 'UnexpectedLambdaException');
  assert.equal(received.length, 3);
  assert.ok(Date.now() - began < 20_000);
});
