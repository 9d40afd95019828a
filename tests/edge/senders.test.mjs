// Do the services that send messages get what their own libraries would send them?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import sendgrid from '@sendgrid/mail';
import Mailgun from 'mailgun.js';
import { ServerClient } from 'postmark';
import twilio from 'twilio';

import { extension } from '../sdk/extension.mjs';
import { start } from './server.mjs';
import { createPool, PASSWORD, signUp, unique } from './world.mjs';

const FROM = 'Example <no-reply@example.com>';
const KEY = 'SG.key-of-the-sender';
const [SID, TOKEN] = [`AC${'0'.repeat(32)}`, 'token'];

/** What each service answers when all is well. */
const ANSWERS = {
  mailgun: { id: '<a@b.c>', message: 'Queued. Thank you.' },
  postmark: { ErrorCode: 0, Message: 'OK', MessageID: 'a' },
  resend: { id: 'a' },
  sendgrid: '',
  twilio: { sid: 'SM', status: 'queued' },
};

let receiver;
let origin;
let received;
/** What to answer in the place of success. */
let refusal;

before(async () => {
  received = [];
  receiver = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const [, kind, ...path] = request.url.split('/');
    const body = Buffer.concat(chunks);
    received.push({ method: request.method, path: path.join('/'), headers: request.headers, body });
    const [status, answer] = refusal ?? [kind === 'sendgrid' ? 202 : 200, ANSWERS[kind]];
    const text = answer === '' ? '' : JSON.stringify(answer);
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${receiver.address().port}`;
});

after(() => {
  receiver.closeAllConnections();
  receiver.close();
});

/** What the service got, with its body as its type says. */
async function last() {
  const { method, path, headers, body } = received.pop();
  const type = headers['content-type'];
  const content = type.startsWith('application/json')
    ? JSON.parse(body)
    : Object.fromEntries(await new Response(body, { headers: { 'content-type': type } }).formData());
  return { method, path, headers, content };
}

async function by(vars, use) {
  const server = await start({ vars });
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

function mailBy(kind, use, more = {}) {
  const url = `${origin}/${kind}${kind === 'mailgun' ? '/v3/example.com' : ''}`;
  return by(
    { MAIL_SENDER: kind, MAIL_SENDER_KEY: KEY, MAIL_SENDER_URL: url, MAIL_FROM: FROM, ...more },
    use,
  );
}

/** Has Cognate send a mail, and then the service's own library: both must have sent the same. */
function sameAs(kind, library, { subject, html, header }) {
  return mailBy(kind, async (server) => {
    const pool = await createPool(server);
    const username = await signUp(server, pool);
    const ours = await last();
    const mail = { to: `${username}@example.com`, subject: subject(ours), html: html(ours) };
    assert.match(mail.html, /^Your confirmation code is \d{6}$/);
    await library(mail);
    const theirs = await last();
    assert.deepEqual(
      [ours.method, ours.path, ours.headers[header]],
      [theirs.method, theirs.path, theirs.headers[header]],
    );
    assert.deepEqual(ours.content, theirs.content);
  });
}

test('Postmark gets what its library sends', () =>
  sameAs(
    'postmark',
    ({ to, subject, html }) => {
      const { host } = new URL(origin);
      const client = new ServerClient(KEY, { useHttps: false, requestHost: `${host}/postmark` });
      return client.sendEmail({ From: FROM, To: to, Subject: subject, HtmlBody: html });
    },
    {
      subject: ({ content }) => content.Subject,
      html: ({ content }) => content.HtmlBody,
      header: 'x-postmark-server-token',
    },
  ));

test('Resend gets what its library sends', () =>
  sameAs(
    'resend',
    async ({ to, subject, html }) => {
      process.env.RESEND_BASE_URL = `${origin}/resend`;
      const { Resend } = await import('resend');
      const { error } = await new Resend(KEY).emails.send({ from: FROM, to, subject, html });
      assert.equal(error, null);
    },
    {
      subject: ({ content }) => content.subject,
      html: ({ content }) => content.html,
      header: 'authorization',
    },
  ));

test('SendGrid gets what its library sends', () =>
  sameAs(
    'sendgrid',
    async ({ to, subject, html }) => {
      sendgrid.setApiKey(KEY);
      sendgrid.client.setDefaultRequest('baseUrl', `${origin}/sendgrid`);
      await sendgrid.send({ from: FROM, to, subject, html });
    },
    {
      subject: ({ content }) => content.subject,
      html: ({ content }) => content.content[0].value,
      header: 'authorization',
    },
  ));

test('Mailgun gets what its library sends', () =>
  sameAs(
    'mailgun',
    async ({ to, subject, html }) => {
      const client = new Mailgun(FormData).client({
        username: 'api',
        key: KEY,
        url: `${origin}/mailgun`,
      });
      await client.messages.create('example.com', { from: FROM, to, subject, html });
    },
    {
      subject: ({ content }) => content.subject,
      html: ({ content }) => content.html,
      header: 'authorization',
    },
  ));

test('Twilio gets what its library sends', async () => {
  const vars = {
    SMS_SENDER: 'twilio',
    SMS_SENDER_KEY: `${SID}:${TOKEN}`,
    SMS_SENDER_URL: `${origin}/twilio`,
    SMS_FROM: '+15005550006',
  };
  await by(vars, async (server) => {
    const pool = await createPool(server, { AutoVerifiedAttributes: ['phone_number'] });
    await server.anyone.signUp({
      ClientId: pool.clientId,
      Username: unique('user'),
      Password: PASSWORD,
      UserAttributes: [{ Name: 'phone_number', Value: '+12065550100' }],
    });
    const ours = await last();
    assert.match(ours.content.Body, /^Your confirmation code is \d{6}$/);
    let theirs;
    const httpClient = {
      request: async (request) => {
        theirs = request;
        return { statusCode: 201, body: JSON.stringify(ANSWERS.twilio) };
      },
    };
    const client = twilio(SID, TOKEN, { httpClient });
    const { To: to, From: from, Body: body } = ours.content;
    await client.messages.create({ to, from, body });
    assert.equal(`/${ours.path}`, new URL(theirs.uri).pathname);
    assert.equal(ours.method.toLowerCase(), theirs.method.toLowerCase());
    assert.deepEqual({ ...theirs.data }, ours.content);
    const credentials = Buffer.from(`${SID}:${TOKEN}`).toString('base64');
    assert.equal(ours.headers.authorization, `Basic ${credentials}`);
  });
});

test('what a pool says of its sender goes before what the deployment says', () =>
  mailBy('resend', async (server) => {
    const pool = await createPool(server, {
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/example.org',
        From: 'Pool <pool@example.org>',
        ReplyToEmailAddress: 'help@example.org',
      },
    });
    await signUp(server, pool);
    const { content } = await last();
    assert.equal(content.from, 'Pool <pool@example.org>');
    assert.equal(content.reply_to, 'help@example.org');
  }));

test('a refusal is an error, a line of the log and a listed failure, all without the address', () =>
  mailBy('resend', async (server) => {
    const pool = await createPool(server);
    const username = unique('user');
    received.length = 0;
    const sentence = `No mail to ${username}@example.com`;
    refusal = [422, { statusCode: 422, name: 'validation_error', message: sentence }];
    try {
      const call = signUp(server, pool, username);
      await assert.rejects(call, { name: 'CodeDeliveryFailureException' });
    } finally {
      refusal = undefined;
    }
    assert.equal(received.length, 1, 'what is refused is not tried again');
    const log = server.log();
    assert.match(log, /Resend answered 422 \(validation_error\)/);
    for (const secret of [KEY, `${username}@example.com`]) assert.ok(!log.includes(secret));

    const { endpoint, admin } = server;
    const settings = { endpoint, region: 'eu-west-1', credentials: admin.config.credentials };
    const input = { UserPoolId: pool.poolId };
    const { DeliveryFailures } = await extension(settings, 'ListDeliveryFailures', input);
    assert.equal(DeliveryFailures.length, 1);
    const [failure] = DeliveryFailures;
    assert.equal(failure.Username, username);
    assert.equal(failure.Destination, 'u***@e***');
    assert.equal(failure.Purpose, 'SignUp');
    assert.equal(failure.Cause, 'Resend answered 422 (validation_error)');
  }));
