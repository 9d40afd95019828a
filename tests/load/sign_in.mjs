// What does a second factor add to a sign-in, what does a function, and who waits for one that hangs?
//
//   cargo xtask load --sign-in              all of it, about two minutes
//   cargo xtask load --sign-in --quick      few of each, to see whether it runs
//   cargo xtask load --sign-in --json FILE  the numbers as JSON as well
//
// One Cognate on bare workerd, as `cargo xtask serve` starts it, and functions on loopback. Sign-ins
// by SRP with and without an authenticator app alternate, as do calls with and without a function;
// each round is a fixed number of them, 16 at a time, for an app's code is good once. Rates mean
// nothing beyond one run; what is beside each other does.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { Authenticator } from '../sdk/authenticator.mjs';
import { Attempt } from '../sdk/srp.mjs';
import { Client, median } from './client.mjs';
import { cognate } from './server.mjs';
import { power } from './workloads.mjs';

const PASSWORD = 'Correct-Horse-7';
const CONCURRENCY = 16;
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:any';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});
const [USERS, ROUNDS] = options.quick ? [16, 1] : [400, 5];

const hanging = new Set();
const functions = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (request.url === '/hangs') hanging.add(response);
  else response.end(body);
});
await once(functions.listen(0, '127.0.0.1'), 'listening');
const url = `http://127.0.0.1:${functions.address().port}`;

const server = await cognate();
const client = new Client(server.endpoint, 2 * CONCURRENCY);
const admin = new CognitoIdentityProvider({
  endpoint: server.endpoint,
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'AKIACOGNATEDEVELOP01',
    secretAccessKey: 'cognate/development/secret/access/key000',
  },
  maxAttempts: 1,
});
try {
  const report = await measure();
  print(report);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  client.close();
  admin.destroy();
  await server.stop();
  functions.closeAllConnections();
  functions.close();
}

function call(operation, input) {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
  };
  return client.post('/', headers, JSON.stringify(input)).then(JSON.parse);
}

/** A pool with a client and so many users. */
async function pool(users, settings = {}) {
  const { UserPool } = await admin.createUserPool({ PoolName: 'load', ...settings });
  const flows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'];
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: 'load',
    ExplicitAuthFlows: flows,
  });
  const made = { poolId: UserPool.Id, clientId: UserPoolClient.ClientId };
  const names = Array.from({ length: users }, (_, n) => `user-${n}`);
  made.users = await atOnce(names, async (name) => {
    const of = { UserPoolId: made.poolId, Username: name };
    await admin.adminCreateUser({ ...of, MessageAction: 'SUPPRESS' });
    await admin.adminSetUserPassword({ ...of, Password: PASSWORD, Permanent: true });
    return { name, attempt: new Attempt(undefined, power) };
  });
  return made;
}

/** Does something for each of a list, some at a time; gives what came of it. */
async function atOnce(list, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < list.length) {
      const index = next++;
      results[index] = await work(list[index]);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

/** One round: the rate, the median time of each piece of work, and the server's CPU time for it. */
async function round(list, work) {
  const [started, cpuBefore] = [performance.now(), server.cpuMs()];
  const times = await atOnce(list, async (one) => {
    const began = performance.now();
    await work(one);
    return performance.now() - began;
  });
  const rate = (1000 * list.length) / (performance.now() - started);
  return { rate, ms: median(times), cpuMs: (server.cpuMs() - cpuBefore) / list.length };
}

/** Rounds of each of several works in turn, after one that warms up; the medians of each. */
async function alternate(works) {
  const rounds = works.map(() => []);
  for (let n = 0; n <= ROUNDS; n += 1) {
    for (const [index, { list, before, work }] of works.entries()) {
      await before?.();
      const result = await round(list, work);
      if (n > 0) rounds[index].push(result);
    }
  }
  const middle = (results, name) => median(results.map((result) => result[name]));
  return rounds.map((results) => ({
    rate: middle(results, 'rate'),
    ms: middle(results, 'ms'),
    cpuMs: middle(results, 'cpuMs'),
  }));
}

async function bySrp({ poolId, clientId }, { name, attempt }) {
  const { ChallengeParameters: parameters } = await call('InitiateAuth', {
    AuthFlow: 'USER_SRP_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: name, SRP_A: attempt.opening },
  });
  return await call('RespondToAuthChallenge', {
    ChallengeName: 'PASSWORD_VERIFIER',
    ClientId: clientId,
    ChallengeResponses: attempt.responses({ poolId, parameters, password: PASSWORD }),
  });
}

function byPassword({ clientId }, { name }) {
  return call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: name, PASSWORD },
  });
}

/** Gives a user an authenticator app, which is asked for from then on. */
async function equip(of, user) {
  const { AuthenticationResult } = await byPassword(of, user);
  const { AccessToken } = AuthenticationResult;
  const { SecretCode } = await call('AssociateSoftwareToken', { AccessToken });
  user.app = new Authenticator(SecretCode);
  await call('VerifySoftwareToken', { AccessToken, UserCode: await user.app.code() });
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
  await call('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings });
}

async function secondFactors() {
  const [plain, equipped] = await Promise.all([pool(USERS), pool(USERS)]);
  await admin.setUserPoolMfaConfig({
    UserPoolId: equipped.poolId,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  await atOnce(equipped.users, (user) => equip(equipped, user));
  // Codes are looked up before the round begins: the next one may have to be waited for.
  const before = async () => {
    for (const user of equipped.users) user.code = await user.app.code();
  };
  const work = async (user) => {
    const asked = await bySrp(equipped, user);
    await call('RespondToAuthChallenge', {
      ChallengeName: asked.ChallengeName,
      ClientId: equipped.clientId,
      Session: asked.Session,
      ChallengeResponses: { USERNAME: user.name, SOFTWARE_TOKEN_MFA_CODE: user.code },
    });
  };
  const [srp, both] = await alternate([
    { list: plain.users, work: (user) => bySrp(plain, user) },
    { list: equipped.users, before, work },
  ]);
  return { 'SRP sign-in': srp, 'SRP and TOTP sign-in': both };
}

/** A pool with a function after each sign-in. */
function calling(path, users) {
  return pool(users, {
    LambdaConfig: { PostAuthentication: ARN },
    UserPoolTags: { 'cognate:triggers': url + path },
  });
}

async function triggers() {
  const [plain, called] = await Promise.all([pool(USERS), calling('/echo', USERS)]);
  const [without, withOne] = await alternate([
    { list: plain.users, work: (user) => byPassword(plain, user) },
    { list: called.users, work: (user) => byPassword(called, user) },
  ]);
  return { 'password sign-in': without, 'the same with a function': withOne };
}

/** What others of a pool are answered, alone and while functions hang that its sign-ins call. */
async function others() {
  const stuck = await calling('/echo', CONCURRENCY);
  const tokens = await atOnce(stuck.users, async (user) => {
    const { AuthenticationResult } = await byPassword(stuck, user);
    return AuthenticationResult.AccessToken;
  });
  const list = Array.from({ length: 10 * USERS }, (_, n) => tokens[n % tokens.length]);
  const work = (AccessToken) => call('GetUser', { AccessToken });
  const [alone] = await alternate([{ list, work }]);
  await admin.updateUserPool({
    UserPoolId: stuck.poolId,
    LambdaConfig: { PostAuthentication: ARN },
    UserPoolTags: { 'cognate:triggers': `${url}/hangs` },
  });
  const waiting = stuck.users.map((user) => byPassword(stuck, user).catch(() => {}));
  while (hanging.size < CONCURRENCY) await new Promise((resolve) => setTimeout(resolve, 10));
  const meanwhile = await round(list, work);
  for (const response of hanging) response.destroy();
  hanging.clear();
  functions.closeAllConnections();
  await Promise.all(waiting);
  return { GetUser: alone, [`GetUser, while ${CONCURRENCY} functions of its pool hang`]: meanwhile };
}

async function measure() {
  const rows = { ...(await secondFactors()), ...(await triggers()), ...(await others()) };
  const beside = (one, other) => rows[one].rate / rows[other].rate;
  return {
    machine: `${cpus().length} × ${cpus()[0].model}`,
    concurrency: CONCURRENCY,
    rounds: ROUNDS,
    users: USERS,
    rows,
    totpBesideSrp: beside('SRP and TOTP sign-in', 'SRP sign-in'),
    roundTripMs: rows['the same with a function'].ms - rows['password sign-in'].ms,
  };
}

function print({ machine, rows, totpBesideSrp, roundTripMs }) {
  console.log(`\n${machine}, concurrency ${CONCURRENCY}, ${ROUNDS} rounds of ${USERS}\n`);
  const line = ([first, ...rest]) =>
    console.log(first.padEnd(48) + rest.map((cell) => cell.padStart(12)).join(''));
  line(['', 'a second', 'median ms', 'CPU ms']);
  for (const [name, { rate, ms, cpuMs }] of Object.entries(rows)) {
    line([name, rate.toFixed(0), ms.toFixed(2), cpuMs.toFixed(2)]);
  }
  console.log(`\nSRP and TOTP beside SRP alone: ${(100 * totpBesideSrp).toFixed(0)} % of the rate`);
  console.log(`a function adds ${roundTripMs.toFixed(2)} ms to the median\n`);
}
