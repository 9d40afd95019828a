// Does verifyRequest ask no more than it must, and refuse what it should? What the kernel says of
// signatures and policies is tested where it says so; here the service is one that answers as told.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { signedFetch } from 'cognate/credentials';
import { createRequestVerifier, protectSigned, refusalOf, verifyRequest } from 'cognate/requests';

import { code, Refusal, serve } from './world.mjs';

const KEY = 'cognate-verifier.id.secret';
const CREDENTIALS = {
  accessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  secretAccessKey: 'secret',
  sessionToken: 'token',
};
const IDENTITY = 'eu-west-1:0a1b2c3d-0a1b-8a1b-8a1b-0a1b2c3d4e5f';
const URL_OF_ORDER = 'https://orders.example.com/orders/7';

const ALLOWED = { Effect: 'Allow', Action: 'orders:Read', Resource: 'arn:orders:::order/*' };
const DENIED = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringEquals: { 'orders:Status': 'secret' } } };

/** What `GetSigningKey` answers of the credentials. */
function answer({ Date: day, Region }, settings = {}) {
  const parts = [day, Region, 'orders', 'aws4_request'];
  const hmac = (key, part) => createHmac('sha256', key).update(part).digest();
  const now = Date.now() / 1000;
  return {
    SigningKey: parts.reduce(hmac, `AWS4${CREDENTIALS.secretAccessKey}`).toString('base64'),
    Signer: {
      Arn: 'arn:aws:sts::123456789012:assumed-role/readers/CognitoIdentityCredentials',
      RoleArn: 'arn:aws:iam::123456789012:role/readers',
      RoleId: 'AROAEXAMPLE',
      RoleSessionName: 'CognitoIdentityCredentials',
      Facts: {
        'cognito-identity.amazonaws.com:sub': [IDENTITY],
        'cognito-identity.amazonaws.com:aud': ['eu-west-1:pool'],
        'cognito-identity.amazonaws.com:amr': ['authenticated', 'login.example.com'],
      },
      Tags: { team: 'delivery' },
      IssueDate: now,
      ExpirationDate: now + 3_600,
    },
    Policies: [JSON.stringify({ Version: '2012-10-17', Statement: [ALLOWED, DENIED] })],
    MaxAge: 60,
    ...settings,
  };
}

async function world(t, otherwise = () => undefined, settings = {}) {
  const served = await serve(t, async (operation, input, count) => {
    assert.equal(operation, 'GetSigningKey');
    assert.equal(input.VerifierKey, KEY);
    return (await otherwise(input, count)) ?? answer(input);
  });
  const { endpoint } = served;
  const verifier = createRequestVerifier({ endpoint, verifierKey: KEY, service: 'orders', ...settings });
  return { ...served, verifier };
}

/** A request as it arrives that was signed with the credentials. */
async function request(init, settings = {}) {
  let sent;
  const fetch = async (request) => {
    sent = request;
    return new Response();
  };
  const { url = URL_OF_ORDER, credentials = CREDENTIALS, ...more } = settings;
  await signedFetch({ credentials, service: 'orders', region: 'eu-west-1', fetch, ...more })(url, init);
  return sent;
}

test('whoever signed a request is known, and what the role allows', async (t) => {
  const { verifier, calls } = await world(t);
  const { signer, allows } = await verifyRequest(verifier, await request());
  const { issuedAt, expiresAt, ...told } = signer;
  assert.equal(expiresAt - issuedAt, 3_600_000);
  assert.deepEqual(told, {
    arn: 'arn:aws:sts::123456789012:assumed-role/readers/CognitoIdentityCredentials',
    roleArn: 'arn:aws:iam::123456789012:role/readers',
    sessionName: 'CognitoIdentityCredentials',
    identityId: IDENTITY,
    identityPoolId: 'eu-west-1:pool',
    isGuest: false,
    facts: {
      'cognito-identity.amazonaws.com:sub': [IDENTITY],
      'cognito-identity.amazonaws.com:aud': ['eu-west-1:pool'],
      'cognito-identity.amazonaws.com:amr': ['authenticated', 'login.example.com'],
    },
    tags: { team: 'delivery' },
  });
  assert.ok(allows('orders:Read', 'arn:orders:::order/7'));
  assert.ok(!allows('orders:Update', 'arn:orders:::order/7'));
  assert.ok(!allows('orders:Read', 'arn:orders:::invoice/7'));
  assert.ok(!allows('orders:Read', 'arn:orders:::order/7', { 'orders:Status': 'secret' }));
  assert.ok(!allows('orders:Read', 'arn:orders:::order/7', { 'orders:Status': ['open', 'secret'] }));
  const { AccessKeyId, SessionToken, Region } = calls[0].input;
  assert.deepEqual([AccessKeyId, SessionToken, Region], ['ASIAAAAAAAAAAAAAAAAA', 'token', 'eu-west-1']);
});

test('the service is asked once for many requests of one key, and again in a minute', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { verifier, calls } = await world(t);
  const all = Array.from({ length: 10 }, async () => verifyRequest(verifier, await request()));
  await Promise.all(all);
  await verifyRequest(verifier, await request());
  assert.equal(calls.length, 1);
  t.mock.timers.tick(61_000);
  await verifyRequest(verifier, await request());
  assert.equal(calls.length, 2);
  const other = { ...CREDENTIALS, accessKeyId: 'ASIABBBBBBBBBBBBBBBB' };
  await verifyRequest(verifier, await request({}, { credentials: other }));
  assert.equal(calls.length, 3);
});

test('a body is verified, and stays to be read', async (t) => {
  const { verifier } = await world(t);
  const whole = await request({ method: 'PUT', body: '{"a":"é"}' });
  await verifyRequest(verifier, whole);
  assert.equal(await whole.text(), '{"a":"é"}');
  const other = new Request(await request({ method: 'PUT', body: 'one' }), { body: 'two' });
  await assert.rejects(verifyRequest(verifier, other), code('signatureInvalid'));
});

test('a body that is too large is not read to its end', async (t) => {
  const { verifier } = await world(t, undefined, { maxBodyBytes: 10 });
  const fits = await request({ method: 'PUT', body: 'x'.repeat(10) });
  await verifyRequest(verifier, fits);
  const large = await request({ method: 'PUT', body: 'x'.repeat(11) });
  await assert.rejects(verifyRequest(verifier, large), code('bodyTooLarge'));
  const lying = new Request(large.url, {
    method: 'PUT',
    headers: large.headers,
    body: new Blob(['x'.repeat(1_000)]).stream(),
    duplex: 'half',
  });
  await assert.rejects(verifyRequest(verifier, lying), code('bodyTooLarge'));
});

test('a stream is let through unread where that is taken, and only there', async (t) => {
  const { verifier } = await world(t, undefined, { unsignedPayload: true, maxBodyBytes: 0 });
  const streamed = async () => {
    const body = new Blob(['text']).stream();
    return request({ method: 'PUT', body, duplex: 'half' }, { unsignedPayload: true });
  };
  const sent = await streamed();
  await verifyRequest(verifier, sent);
  assert.equal(await sent.text(), 'text');
  const strict = await world(t);
  await assert.rejects(verifyRequest(strict.verifier, await streamed()), code('signatureInvalid'));
});

test('what is refused is told by code and by AWS’s name, and the service is not asked', async (t) => {
  const { verifier, calls } = await world(t);
  const refused = (request) => assert.rejects.bind(null, verifyRequest(verifier, request));
  await refused(new Request(URL_OF_ORDER))(code('signatureMissing'));
  await refused(await request({}, { service: 'ledger' }))(code('signatureInvalid'));
  const { sessionToken, ...rootLike } = CREDENTIALS;
  await refused(await request({}, { credentials: rootLike }))(code('credentialsUnknown'));
  const late = await request();
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 400_000 });
  await refused(late)((error) => {
    return code('signatureExpired')(error) && error.serviceError === 'InvalidSignatureException';
  });
  assert.deepEqual(calls, []);
});

test('a request that went to another host, path or query is refused', async (t) => {
  const { verifier } = await world(t);
  for (const url of [
    'https://ledger.example.com/orders/7',
    'https://orders.example.com/orders/8',
    'https://orders.example.com/orders/7?all',
  ]) {
    const moved = new Request(url, await request());
    await assert.rejects(verifyRequest(verifier, moved), code('signatureInvalid'), url);
  }
  const behind = new Request('http://127.0.0.1:3000/orders/7', await request());
  await verifyRequest(verifier, behind, { origin: 'https://orders.example.com' });
});

test('credentials that nobody has are not asked for over and over', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  for (const [name, wanted] of [
    ['UnrecognizedClientException', 'credentialsUnknown'],
    ['ExpiredTokenException', 'credentialsExpired'],
  ]) {
    const { verifier, calls } = await world(t, () => {
      throw new Refusal(name);
    });
    for (let count = 0; count < 3; count += 1) {
      await assert.rejects(verifyRequest(verifier, await request()), code(wanted));
    }
    assert.equal(calls.length, 1);
    t.mock.timers.tick(6_000);
    await assert.rejects(verifyRequest(verifier, await request()), code(wanted));
    assert.equal(calls.length, 2);
  }
});

test('a failure of the service is no refusal, and the next request asks again', async (t) => {
  const { verifier, calls } = await world(t, (_, count) =>
    count === 1 ? { raw: { status: 503, body: '' } } : undefined,
  );
  await assert.rejects(verifyRequest(verifier, await request()), code('server'));
  await verifyRequest(verifier, await request());
  assert.equal(calls.length, 2);
});

test('an answer that is none lets nobody in', async (t) => {
  for (const settings of [{ Signer: {} }, { SigningKey: 'AAAA' }, { Policies: 'all' }]) {
    const { verifier } = await world(t, (input) => answer(input, settings));
    await assert.rejects(verifyRequest(verifier, await request()), code('badResponse'));
  }
});

test('a protected handler is told who signed, and others are answered in AWS’s words', async (t) => {
  let fails = false;
  const { verifier } = await world(t, () => (fails ? { raw: { status: 500, body: '' } } : undefined));
  const handler = protectSigned(
    (_, { signer }, env) => new Response(`${signer.identityId} ${env.name}`),
    {
      verifier,
      asks: ({ method }) => ({
        action: method === 'GET' ? 'orders:Read' : 'orders:Update',
        resource: 'arn:orders:::order/7',
      }),
    },
  );
  const well = await handler(await request(), { name: 'env' });
  assert.equal(await well.text(), `${IDENTITY} env`);
  const refused = await handler(await request({ method: 'PUT', body: '{}' }), {});
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('x-amzn-errortype'), 'AccessDeniedException');
  assert.match((await refused.json()).message, /not authorized to perform: orders:Update on resource/);
  const unsigned = await handler(new Request(URL_OF_ORDER), {});
  assert.equal(unsigned.status, 401);
  assert.ok(Math.abs(Date.parse(unsigned.headers.get('date')) - Date.now()) < 10_000);
  fails = true;
  const other = { ...CREDENTIALS, accessKeyId: 'ASIABBBBBBBBBBBBBBBB' };
  const failed = await handler(await request({}, { credentials: other }), {});
  assert.deepEqual([failed.status, failed.headers.get('retry-after')], [503, '1']);
});

test('what is no refusal is thrown on', () => {
  const error = new TypeError('a mistake');
  assert.throws(() => refusalOf(error), error);
});

test('a key that Cognate does not know is the operator’s to see', async (t) => {
  const { verifier } = await world(t, () => {
    throw new Refusal('NotAuthorizedException', 'The verifier key is not known.');
  });
  await assert.rejects(verifyRequest(verifier, await request()), code('notAuthorized'));
  const handler = protectSigned(() => new Response(), { verifier });
  await assert.rejects(handler(await request()), code('notAuthorized'));
});

test('options that cannot be meant are refused at once', () => {
  const good = { endpoint: 'https://id.example.com', verifierKey: KEY, service: 'orders' };
  for (const settings of [
    { endpoint: 'id.example.com' },
    { verifierKey: '' },
    { service: 'Orders!' },
    { timeoutMs: 0 },
    { maxBodyBytes: -1 },
  ]) {
    assert.throws(() => createRequestVerifier({ ...good, ...settings }), code('badOptions'));
  }
});
