// Does a change of the names by which users sign in go on when the server is killed in the middle of
// it, and is everybody found by them afterwards?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { extension } from '../sdk/extension.mjs';
import { start } from './server.mjs';
import { PASSWORD, createPool, fileOf, holdings, importOf } from './world.mjs';

const USERS = 6_000;
const KILLS = 2;
const LIMIT_MS = 300_000;

let server;
let pool;

before(async () => {
  server = await start();
  pool = await createPool(server);
  await fill();
});
after(() => server.stop());

/** Names in upper and lower case. */
const name = (n) => `${n % 2 === 0 ? 'User' : 'user'}${String(n).padStart(5, '0')}`;
const email = (n) => `Mail${n}@example.com`;

function call(operation, input) {
  const { endpoint, admin } = server;
  const settings = { endpoint, region: 'eu-west-1', credentials: admin.config.credentials };
  return extension(settings, operation, { UserPoolId: pool.poolId, ...input });
}

async function fill() {
  const UserPoolId = pool.poolId;
  const { CSVHeader } = await server.admin.getCSVHeader({ UserPoolId });
  const values = (n) => ({
    'cognito:username': name(n),
    'cognito:mfa_enabled': 'false',
    email: email(n),
    email_verified: 'true',
  });
  const JobId = await importOf(server, { poolId: UserPoolId }, fileOf(CSVHeader, USERS, values));
  await server.admin.startUserImportJob({ UserPoolId, JobId });
  for (;;) {
    const { UserImportJob: job } = await server.admin.describeUserImportJob({ UserPoolId, JobId });
    if (job.Status === 'Succeeded') return;
    assert.ok(['Pending', 'InProgress'].includes(job.Status), JSON.stringify(job));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function until(isThere) {
  for (;;) {
    const change = await call('ChangeUserPoolSignInNames', {});
    if (isThere(change)) return change;
    assert.equal(change.Status, 'IN_PROGRESS', JSON.stringify(change));
  }
}

test('names change although the server is killed', { timeout: LIMIT_MS }, async () => {
  const begun = await call('ChangeUserPoolSignInNames', {
    AliasAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
  });
  assert.equal(begun.Status, 'IN_PROGRESS');
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const enough = (kill * USERS) / (KILLS + 2);
    const { ExaminedUsers, Status } = await until((change) => change.ExaminedUsers >= enough);
    assert.ok(ExaminedUsers < USERS && Status === 'IN_PROGRESS', 'it is killed in the middle');
    await server.kill();
    server = await start({ folder: server.folder });
  }
  const change = await until(({ Status }) => Status !== 'IN_PROGRESS');
  assert.deepEqual(change, { Status: 'SUCCEEDED', ExaminedUsers: USERS });

  const { records } = await holdings(server, pool);
  const aliases = Object.keys(records).filter((key) => /^alias\/(?!sub\/)/.test(key));
  const wanted = Array.from({ length: USERS }, (_, n) => [
    `alias/email/${email(n).toLowerCase()}`,
    ...(n % 2 === 0 ? [`alias/username/${name(n).toLowerCase()}`] : []),
  ]);
  assert.deepEqual(aliases.sort(), wanted.flat().sort());
});

test('users are found by their new names', async () => {
  const UserPoolId = pool.poolId;
  const Username = name(42);
  await server.admin.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  const { UserPoolClient } = await server.admin.createUserPoolClient({
    UserPoolId,
    ClientName: 'passwords',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  for (const USERNAME of [Username, Username.toUpperCase(), email(42).toUpperCase()]) {
    const { AuthenticationResult } = await server.anyone.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: UserPoolClient.ClientId,
      AuthParameters: { USERNAME, PASSWORD },
    });
    const { AccessToken } = AuthenticationResult;
    assert.equal((await server.anyone.getUser({ AccessToken })).Username, Username);
  }
});

/** Everybody who is found, page by page, and how many were looked at. */
async function searched(question) {
  const found = [];
  let [examined, PaginationToken] = [0, undefined];
  do {
    const page = await call('SearchUsers', { ...question, PaginationToken });
    found.push(...page.Users.map((user) => user.Username));
    assert.ok(page.ExaminedUsers <= 1_250);
    examined += page.ExaminedUsers;
    ({ PaginationToken } = page);
  } while (PaginationToken);
  return { found, examined };
}

test('a search goes on by its token until all were looked at', async () => {
  const order = { SortBy: 'email', SortOrder: 'descending', Limit: 4 };
  const Filter = 'email ew "99@example.com" and not (email lt "mail4" or email ge "mail5")';
  const wanted = Array.from({ length: 10 }, (_, n) => name(4_999 - 100 * n));
  // Those with three digits stand between them.
  wanted.push(name(499));
  const { found, examined } = await searched({ Filter, ...order });
  assert.deepEqual(found.toSorted(), wanted.toSorted());
  assert.ok(examined >= 3 * USERS, 'each page looks at all of them');

  const byName = await searched({ Filter: 'email ew "99@example.com" and username sw "USER04"' });
  assert.deepEqual(byName.found.toSorted(), wanted.slice(0, 10).toSorted());
  assert.equal(byName.examined, 1_000);
});
