// Does a call cost more where there are more users, on bare workerd?
//
//   cargo xtask load --scale                the same natively, then this, some minutes
//   node load/scale.mjs --sizes 1000,5000   these pools
//
// Two pools are filled by import. The same calls are made in each, one after the other, one at a time,
// and concern the same number of users, spread evenly over all of them. What is timed is the exchange
// by HTTP: signing, and a client's own arithmetic, are not. It builds nothing.

import { parseArgs } from 'node:util';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { Attempt } from '../sdk/srp.mjs';
import { Client, median } from './client.mjs';
import { cognate } from './server.mjs';
import { power } from './workloads.mjs';

/** What the largest pool may cost beside the smallest. */
const RATIO_MAX = 1.5;
const SAMPLES = 100;
const PASSWORD = 'Correct-Horse-7';
const ROLE = 'arn:aws:iam::123456789012:role/logs';
const GROUP = 'quarter';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,100000' },
    rounds: { type: 'string', default: '100' },
  },
});
const sizes = options.sizes.split(',').map(Number);
const rounds = Number(options.rounds);

const server = await cognate();
try {
  const client = new Client(server.endpoint, 1);
  const watch = { ms: 0 };
  const service = new CognitoIdentityProvider({
    endpoint: server.endpoint,
    region: 'eu-west-1',
    credentials: {
      accessKeyId: 'AKIACOGNATEDEVELOP01',
      secretAccessKey: 'cognate/development/secret/access/key000',
    },
    maxAttempts: 1,
    requestHandler: { handle: (request) => exchange(client, watch, request) },
  });
  const pools = [];
  for (const size of sizes) pools.push(await furnish(service, size));
  const rows = [];
  for (const [name, call] of calls(service)) rows.push(await measure(name, call, { pools, watch }));
  print(rows);
  client.close();
  if (rows.some(({ ratio }) => ratio > RATIO_MAX)) process.exitCode = 1;
} finally {
  await server.stop();
}

/** Sends what the SDK has signed, and adds up how long that takes. */
async function exchange(client, watch, { headers, body }) {
  const began = performance.now();
  const text = await client.post('/', headers, body);
  watch.ms += performance.now() - began;
  const answer = { 'content-type': 'application/x-amz-json-1.1' };
  return { response: { statusCode: 200, headers: answer, body: new TextEncoder().encode(text) } };
}

async function measure(name, call, { pools, watch }) {
  progress(name);
  const times = pools.map(() => []);
  // The first ones warm up.
  for (let round = -3; round < rounds; round += 1) {
    for (const [index, pool] of pools.entries()) {
      watch.ms = 0;
      await call(pool, pool.users[(round + SAMPLES) % SAMPLES]);
      if (round >= 0) times[index].push(watch.ms);
    }
  }
  const medians = times.map(median);
  return { name, medians, ratio: medians.at(-1) / medians[0] };
}

/** What is called, for one user of a pool. */
function calls(service) {
  const filtered = (Filter, Limit = 60) => [
    `ListUsers ${Filter('…')}, ${Limit}`,
    ({ UserPoolId }, { n }) => service.listUsers({ UserPoolId, Filter: Filter(name(n)), Limit }),
  ];
  return [
    ['sign-in by password', ({ ClientId }, { n }) => service.initiateAuth(byPassword(ClientId, name(n)))],
    ['the same, by e-mail', ({ ClientId }, { n }) => service.initiateAuth(byPassword(ClientId, email(n)))],
    ['sign-in by SRP', (pool, user) => bySrp(service, pool, user)],
    ['GetUser', (_, { AccessToken }) => service.getUser({ AccessToken })],
    ['AdminGetUser', ({ UserPoolId }, { n }) => service.adminGetUser({ UserPoolId, Username: name(n) })],
    ['DescribeUserPool', ({ UserPoolId }) => service.describeUserPool({ UserPoolId })],
    ['ListUsersInGroup, 60', ({ UserPoolId }) => service.listUsersInGroup({ UserPoolId, GroupName: GROUP, Limit: 60 })],
    ['ListUsers, 60', ({ UserPoolId }) => service.listUsers({ UserPoolId })],
    filtered((value) => `username = "${value}"`),
    filtered((value) => `email = "${value}@example.com"`),
    filtered((value) => `email ^= "${value}"`),
    filtered(() => 'email ^= "user-"'),
    filtered(() => 'phone_number ^= "+1555"'),
    filtered(() => 'name ^= "given-"'),
    filtered(() => 'family_name = "Family-7"', 10),
    filtered(() => 'cognito:user_status = "RESET_REQUIRED"'),
    filtered(() => 'cognito:user_status = "CONFIRMED"', 10),
    filtered(() => 'status = "Disabled"'),
  ];
}

function name(n) {
  return `user-${String(n).padStart(7, '0')}`;
}

function email(n) {
  return `${name(n)}@example.com`;
}

function byPassword(ClientId, USERNAME) {
  return { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } };
}

async function bySrp(service, { UserPoolId, ClientId }, { n, attempt }) {
  const AuthParameters = { USERNAME: name(n), SRP_A: attempt.opening };
  const opened = await service.initiateAuth({ ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters });
  const { ChallengeName, ChallengeParameters: parameters } = opened;
  const proof = { poolId: UserPoolId, parameters, password: PASSWORD };
  await service.respondToAuthChallenge({
    ClientId,
    ChallengeName,
    ChallengeResponses: attempt.responses(proof),
  });
}

/** A pool of that many imported users, of whom some have passwords and tokens. */
async function furnish(service, size) {
  progress(`${size} users`);
  const { UserPool } = await service.createUserPool({
    PoolName: 'scale',
    AliasAttributes: ['email', 'phone_number', 'preferred_username'],
    AutoVerifiedAttributes: ['email'],
  });
  const { UserPoolClient } = await service.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: 'scale',
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
  });
  const [UserPoolId, ClientId] = [UserPool.Id, UserPoolClient.ClientId];
  await service.createGroup({ UserPoolId, GroupName: GROUP });
  await fill(service, UserPoolId, size);
  const users = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const n = Math.floor((sample * size) / SAMPLES);
    const named = { UserPoolId, Username: name(n) };
    await service.adminSetUserPassword({ ...named, Password: PASSWORD, Permanent: true });
    await service.adminAddUserToGroup({ ...named, GroupName: GROUP });
    const { AuthenticationResult } = await service.initiateAuth(byPassword(ClientId, name(n)));
    users.push({ n, attempt: new Attempt(undefined, power), ...AuthenticationResult });
  }
  return { UserPoolId, ClientId, users };
}

async function fill(service, UserPoolId, size) {
  const began = performance.now();
  const { CSVHeader } = await service.getCSVHeader({ UserPoolId });
  const values = (n) => ({
    'cognito:username': name(n),
    'cognito:mfa_enabled': 'false',
    email: email(n),
    email_verified: 'true',
    phone_number: `+1555${String(n).padStart(7, '0')}`,
    phone_number_verified: 'true',
    name: `Given-${n % 97} Family-${n % 50}`,
    family_name: `Family-${n % 50}`,
  });
  const line = (n) => {
    const row = values(n);
    return CSVHeader.map((column) => row[column] ?? '').join(',');
  };
  const file = [CSVHeader.join(','), ...Array.from({ length: size }, (_, n) => line(n))].join('\n');
  const { UserImportJob } = await service.createUserImportJob({
    UserPoolId,
    JobName: 'scale',
    CloudWatchLogsRoleArn: ROLE,
  });
  const { JobId, PreSignedUrl } = UserImportJob;
  const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
  const sent = await fetch(PreSignedUrl, { method: 'PUT', headers, body: file });
  if (sent.status !== 200) throw new Error(await sent.text());
  await service.startUserImportJob({ UserPoolId, JobId });
  for (;;) {
    const { UserImportJob: job } = await service.describeUserImportJob({ UserPoolId, JobId });
    if (job.Status === 'Succeeded' && job.ImportedUsers === size) break;
    if (!['Pending', 'InProgress'].includes(job.Status)) throw new Error(JSON.stringify(job));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  progress(`imported in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

function print(rows) {
  const line = (first, rest) =>
    console.log(first.padEnd(48) + rest.map((cell) => String(cell).padStart(9)).join(''));
  line('ms, medians', [...sizes, 'ratio']);
  for (const { name: call, medians, ratio } of rows) {
    const verdict = ratio > RATIO_MAX ? '  above' : '';
    line(call, [...medians.map((ms) => ms.toFixed(2)), ratio.toFixed(2) + verdict]);
  }
}

function progress(what) {
  console.error(`[scale] ${what}`);
}
