// Do SES and SNS, as moto plays them, take our messages, and our signatures?

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';

import { IAMClient, CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';

import { freePort } from '../client/start.mjs';
import { extension } from '../sdk/extension.mjs';
import { start } from './server.mjs';
import { createPool, PASSWORD, signUp, unique } from './world.mjs';

const FROM = 'no-reply@example.com';
const PYTHON = process.env.COGNATE_PYTHON ?? 'python3';
const START_MS_MAX = 60_000;

let moto;
let url;
let server;

before(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  moto = spawn(PYTHON, args, { stdio: 'ignore' });
  await answering();
  const key = await keyOfSender();
  const senderKey = `${key.AccessKeyId}:${key.SecretAccessKey}`;
  const vars = {
    MAIL_SENDER: 'ses',
    MAIL_SENDER_KEY: senderKey,
    MAIL_SENDER_URL: url,
    MAIL_FROM: `Example <${FROM}>`,
    SMS_SENDER: 'sns',
    SMS_SENDER_KEY: senderKey,
    SMS_SENDER_URL: url,
  };
  server = await start({ vars });
});

after(async () => {
  await server?.stop();
  moto.kill('SIGKILL');
});

async function answering() {
  const until = Date.now() + START_MS_MAX;
  while (!(await fetch(`${url}/moto-api/data.json`).catch(() => undefined))?.ok) {
    assert.ok(moto.exitCode === null && Date.now() < until, 'moto does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A key that may do all; after these four calls moto verifies every signature. */
async function keyOfSender() {
  await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '4' });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const iam = new IAMClient({ endpoint: url, region: 'eu-west-1', credentials });
  const UserName = 'sender';
  await iam.send(new CreateUserCommand({ UserName }));
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const scope = 'Credential=a/20260101/eu-west-1/ses/aws4_request, SignedHeaders=host';
  const verified = await fetch(`${url}/v2/email/identities`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 ${scope}, Signature=x`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ EmailIdentity: FROM }),
  });
  assert.equal(verified.status, 200);
  return AccessKey;
}

async function taken(service, kind) {
  const data = await (await fetch(`${url}/moto-api/data.json`)).json();
  return data[service][kind];
}

test('SES takes a mail', async () => {
  const pool = await createPool(server);
  const username = await signUp(server, pool);
  const messages = await taken('ses', 'Message');
  assert.equal(messages.length, 1);
  const [message] = messages;
  assert.deepEqual(message.destinations.ToAddresses, [`${username}@example.com`]);
  assert.equal(message.source, `Example <${FROM}>`);
  assert.equal(message.subject, 'Your verification code');
  const [, code] = /^Your confirmation code is (\d{6})$/.exec(message.body);
  await server.anyone.confirmSignUp({
    ClientId: pool.clientId,
    Username: username,
    ConfirmationCode: code,
  });
});

test('SNS takes a text message', async () => {
  const pool = await createPool(server, { AutoVerifiedAttributes: ['phone_number'] });
  await server.anyone.signUp({
    ClientId: pool.clientId,
    Username: unique('user'),
    Password: PASSWORD,
    UserAttributes: [{ Name: 'phone_number', Value: '+12065550100' }],
  });
  const messages = JSON.stringify(await taken('sns', 'SMS'));
  assert.match(messages, /\+12065550100/);
  assert.match(messages, /Your confirmation code is \d{6}/);
});

test('a sender that SES does not know is refused, and that is listed', async () => {
  const pool = await createPool(server, {
    EmailConfiguration: {
      EmailSendingAccount: 'DEVELOPER',
      SourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/unknown@example.org',
    },
  });
  await assert.rejects(signUp(server, pool), { name: 'CodeDeliveryFailureException' });
  const { endpoint, admin } = server;
  const settings = { endpoint, region: 'eu-west-1', credentials: admin.config.credentials };
  const input = { UserPoolId: pool.poolId };
  const { DeliveryFailures } = await extension(settings, 'ListDeliveryFailures', input);
  assert.equal(DeliveryFailures[0].Cause, 'SES answered 400 (MessageRejected)');
});
