import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { createClient, forgotPassword, signIn, signUp } from 'cognate/client';

import { CLIENT, code, PASSWORD, POOL, Refusal, serve } from './world.mjs';

const client = (endpoint, settings = {}) =>
  createClient({ userPoolId: POOL, clientId: CLIENT, endpoint, ...settings });

const withPassword = { username: 'ann', password: PASSWORD, method: 'password' };

test('without an endpoint it is Amazon Cognito in the region of the pool', () => {
  const endpoint = (userPoolId) => createClient({ userPoolId, clientId: CLIENT }).endpoint;
  assert.equal(endpoint('eu-west-1_A'), 'https://cognito-idp.eu-west-1.amazonaws.com/');
  assert.equal(endpoint('cn-north-1_A'), 'https://cognito-idp.cn-north-1.amazonaws.com.cn/');
  assert.equal(endpoint('eusc-de-east-1_A'), 'https://cognito-idp.eusc-de-east-1.amazonaws.eu/');
});

test('options that cannot be meant are refused at once', () => {
  const options = { userPoolId: POOL, clientId: CLIENT };
  for (const wrong of [
    { userPoolId: 'nopool' },
    { clientId: 'a b' },
    { endpoint: 'nowhere' },
    { endpoint: 'ftp://example.com' },
    { timeoutMs: 0 },
    { timeoutMs: Number.NaN },
  ]) {
    assert.throws(() => createClient({ ...options, ...wrong }), code('badOptions'));
  }
});

test('a service that cannot be reached is an error of the network', async () => {
  await assert.rejects(signIn(client('http://127.0.0.1:1'), withPassword), code('network'));
});

test('a service that says nothing is given up', async (t) => {
  const { endpoint } = await serve(t, () => new Promise(() => {}));
  await assert.rejects(signIn(client(endpoint, { timeoutMs: 50 }), withPassword), code('timeout'));
});

test('a service that begins and does not end is given up', async (t) => {
  const fetch = async ({ signal }) => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{'));
        signal.addEventListener('abort', () => controller.error(new Error('gone')));
      },
    });
    return new Response(stream);
  };
  const slow = client('http://127.0.0.1:1', { timeoutMs: 50, fetch });
  await assert.rejects(signIn(slow, withPassword), code('timeout'));
});

test('a service that never stops talking is not listened to', async () => {
  let sent = 0;
  const pull = (stream) => stream.enqueue(new Uint8Array((sent += 65_536) && 65_536).fill(32));
  const fetch = async () => new Response(new ReadableStream({ pull }));
  const talked = client('http://127.0.0.1:1', { fetch });
  await assert.rejects(signIn(talked, withPassword), code('badResponse'));
  assert.ok(sent < 2_000_000, `${sent} bytes were taken`);
});

test('a connection that breaks within an answer is an error of the network', async (t) => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"Authen');
    setTimeout(() => response.destroy(), 10);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const broken = client(`http://127.0.0.1:${server.address().port}`);
  await assert.rejects(signIn(broken, withPassword), code('network'));
});

test('a call can be aborted before and while it runs', async (t) => {
  const { endpoint, calls } = await serve(t, () => new Promise(() => {}));
  const call = (signal) => signIn(client(endpoint), withPassword, { signal });
  await assert.rejects(call(AbortSignal.abort()), code('aborted'));
  assert.equal(calls.length, 0);
  await assert.rejects(call(AbortSignal.timeout(30)), code('aborted'));
});

test('what is not the service is told from it', async (t) => {
  const answers = [
    [{ body: '<html>Log in to the train</html>' }, 'badResponse'],
    [{ body: '[]' }, 'badResponse'],
    [{ body: '{}' }, 'badResponse'],
    [{ body: '{"AuthenticationResult":{}}' }, 'badResponse'],
    [{ body: '{"AuthenticationResult":{"AccessToken":"a","IdToken":"b"}}' }, 'badResponse'],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'badResponse'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'badResponse'],
    [{ status: 404, body: 'not here' }, 'badResponse'],
    [{ status: 502, body: 'bad gateway' }, 'server'],
    [{ status: 500, body: '{"__type":"InternalErrorException"}' }, 'server'],
    [{ status: 503, body: '{"__type":"com.aws#SomethingNew","message":"x"}' }, 'server'],
  ];
  for (const [raw, wanted] of answers) {
    const { endpoint } = await serve(t, () => ({ raw }));
    await assert.rejects(signIn(client(endpoint), withPassword), code(wanted), raw.body);
  }
});

test('when to try again is told', async (t) => {
  const raw = { status: 429, headers: { 'retry-after': '7' }, body: '' };
  const { endpoint } = await serve(t, () => ({ raw }));
  await assert.rejects(signIn(client(endpoint), withPassword), (error) => {
    assert.deepEqual([error.code, error.retryAfterMs, error.status], ['tooManyRequests', 7000, 429]);
    return true;
  });
});

test('each of the service’s errors has a code, and keeps its name and words', async (t) => {
  const codes = {
    AliasExistsException: 'aliasExists',
    CodeDeliveryFailureException: 'codeDelivery',
    CodeMismatchException: 'codeMismatch',
    ExpiredCodeException: 'expiredCode',
    ForbiddenException: 'forbidden',
    InvalidParameterException: 'invalidParameter',
    InvalidPasswordException: 'invalidPassword',
    LimitExceededException: 'limitExceeded',
    MFAMethodNotFoundException: 'mfaMethodNotFound',
    NotAuthorizedException: 'notAuthorized',
    PasswordResetRequiredException: 'passwordResetRequired',
    ResourceNotFoundException: 'resourceNotFound',
    TooManyFailedAttemptsException: 'limitExceeded',
    TooManyRequestsException: 'tooManyRequests',
    UnheardOfException: 'refused',
    UserLambdaValidationException: 'triggerRefused',
    UserNotConfirmedException: 'userNotConfirmed',
    UserNotFoundException: 'userNotFound',
    UsernameExistsException: 'usernameExists',
    constructor: 'refused',
  };
  for (const [name, wanted] of Object.entries(codes)) {
    const { endpoint } = await serve(t, () => {
      throw new Refusal(`com.amazonaws.cognito#${name}`, 'In words.');
    });
    await assert.rejects(forgotPassword(client(endpoint), { username: 'ann' }), (error) => {
      assert.deepEqual([error.code, error.serviceError, error.message], [wanted, name, 'In words.']);
      return true;
    });
  }
});

test('an error may be named in the header alone', async (t) => {
  const headers = { 'x-amzn-errortype': 'CodeMismatchException:http://amazon.com/' };
  const { endpoint } = await serve(t, () => ({ raw: { status: 400, headers, body: '{}' } }));
  const call = forgotPassword(client(endpoint), { username: 'ann' });
  await assert.rejects(call, code('codeMismatch'));
});

test('a message that repeats what we sent is not passed on', async (t) => {
  const { endpoint } = await serve(t, (_, input) => {
    throw new Refusal('NotAuthorizedException', `no: ${JSON.stringify(input)}`);
  });
  const input = { username: 'ann@example.com', password: PASSWORD, attributes: { name: 'Ann X' } };
  await assert.rejects(signUp(client(endpoint), input), (error) => {
    const shown = [error.message, error.stack, JSON.stringify(error)].join();
    for (const secret of [PASSWORD, 'ann@example.com', 'Ann X']) assert.ok(!shown.includes(secret));
    assert.equal(error.code, 'notAuthorized');
    return true;
  });
});
