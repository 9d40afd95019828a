// Is somebody whose existence is hidden answered before a message is on its way to them, however long
// its sender takes, and does the message come all the same?

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { start } from './server.mjs';
import { PASSWORD, unique } from './world.mjs';

const SENDER_MS = 1500;

let server;
let sender;
let received;
let clientId;
let username;

before(async () => {
  sender = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    await sleep(SENDER_MS);
    received.push(JSON.parse(body));
    response.writeHead(204).end();
  });
  await once(sender.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${sender.address().port}/`;
  server = await start({ vars: { MAIL_WEBHOOK_URL: url, WEBHOOK_SECRET: 'whisper' } });
  const { UserPool } = await server.admin.createUserPool({
    PoolName: unique('pool'),
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
  });
  const { UserPoolClient } = await server.admin.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  });
  clientId = UserPoolClient.ClientId;
  username = unique('user');
  const named = { UserPoolId: UserPool.Id, Username: username };
  const UserAttributes = [
    { Name: 'email', Value: `${username}@example.com` },
    { Name: 'email_verified', Value: 'true' },
  ];
  await server.admin.adminCreateUser({ ...named, UserAttributes, MessageAction: 'SUPPRESS' });
  await server.admin.adminSetUserPassword({ ...named, Password: PASSWORD, Permanent: true });
});

after(async () => {
  sender.closeAllConnections();
  sender.close();
  await server.stop();
});

async function askForCode(USERNAME) {
  const began = performance.now();
  const asked = await server.anyone.initiateAuth({
    ClientId: clientId,
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
  });
  assert.equal(asked.ChallengeName, 'EMAIL_OTP');
  return { ...asked, ms: performance.now() - began };
}

test('the sender is not waited for, and the code is good', async () => {
  received = [];
  const [ofNobody, asked] = [await askForCode(unique('nobody')), await askForCode(username)];
  assert.ok(ofNobody.ms < SENDER_MS && asked.ms < SENDER_MS, `${ofNobody.ms}, ${asked.ms} ms`);
  assert.equal(received.length, 0);
  for (const until = Date.now() + 10 * SENDER_MS; received.length === 0; await sleep(20)) {
    assert.ok(Date.now() < until, 'the message never came');
  }
  assert.equal(received.length, 1);
  const { AuthenticationResult } = await server.anyone.respondToAuthChallenge({
    ClientId: clientId,
    ChallengeName: asked.ChallengeName,
    Session: asked.Session,
    ChallengeResponses: { USERNAME: username, EMAIL_OTP_CODE: received[0].code },
  });
  assert.ok(AuthenticationResult.AccessToken);
});
