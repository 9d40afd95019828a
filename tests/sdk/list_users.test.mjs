// Are users found and listed as in Cognito?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { paginateListUsers } from '@aws-sdk/client-cognito-identity-provider';

import {
  PASSWORD,
  admin,
  anyone,
  createClient,
  createPool,
  createUser,
  pages,
  refused,
  unique,
} from './world.mjs';

test('users are found by their attributes', async () => {
  const poolId = await createPool();
  const email = (name) => `${name}@found.example.com`;
  for (const name of ['anna', 'annika', 'bertha']) {
    await createUser(poolId, { username: name, email: email(name) });
  }
  const client = await createClient(poolId);
  const { UserSub } = await anyone.signUp({
    ClientId: client.ClientId,
    Username: 'carla',
    Password: PASSWORD,
    UserAttributes: [
      { Name: 'email', Value: 'carla@elsewhere.example.com' },
      { Name: 'given_name', Value: 'Carla "the" Great' },
    ],
  });
  const found = async (Filter) => {
    const { Users } = await admin.listUsers({ UserPoolId: poolId, Filter });
    return Users.map((user) => user.Username).sort();
  };
  assert.deepEqual(await found(undefined), ['anna', 'annika', 'bertha', 'carla']);
  assert.deepEqual(await found(`email = "${email('anna')}"`), ['anna']);
  assert.deepEqual(await found('email ^= "ann"'), ['anna', 'annika']);
  assert.deepEqual(await found('email = "nobody@example.com"'), []);
  assert.deepEqual(await found('username = "bertha"'), ['bertha']);
  assert.deepEqual(await found('username ^= "ann"'), ['anna', 'annika']);
  assert.deepEqual(await found(`sub = "${UserSub}"`), ['carla']);
  assert.deepEqual(await found('cognito:user_status = "UNCONFIRMED"'), ['carla']);
  assert.deepEqual(await found('cognito:user_status = "confirmed"'), ['anna', 'annika', 'bertha']);
  assert.deepEqual(await found('status = "Enabled"'), ['anna', 'annika', 'bertha', 'carla']);
  assert.deepEqual(await found('status = "Disabled"'), []);
  assert.deepEqual(await found(String.raw`given_name = "Carla \"the\" Great"`), ['carla']);
  for (const Filter of ['email', 'email ~ "x"', 'custom:plan = "x"', 'email = x', 'a = "b" c']) {
    const list = admin.listUsers({ UserPoolId: poolId, Filter });
    await refused(list, 'InvalidParameterException');
  }
});

test('users are listed page by page, with the attributes that were asked for', async () => {
  const poolId = await createPool();
  const names = ['one', 'two', 'three', 'four', 'five'];
  for (const name of names) await createUser(poolId, { username: name });
  const all = await pages((PaginationToken) =>
    admin.listUsers({
      UserPoolId: poolId,
      Limit: 2,
      AttributesToGet: ['email'],
      PaginationToken,
    }),
  );
  assert.deepEqual(all.map((page) => page.Users.length), [2, 2, 1]);
  const users = all.flatMap((page) => page.Users);
  assert.deepEqual(users.map((user) => user.Username).sort(), [...names].sort());
  for (const user of users) {
    assert.deepEqual(user.Attributes.map((one) => one.Name), ['email']);
    assert.equal(user.UserStatus, 'CONFIRMED');
    assert.equal(user.Enabled, true);
  }
  const filtered = await pages((PaginationToken) =>
    admin.listUsers({
      UserPoolId: poolId,
      Limit: 1,
      Filter: 'username ^= "t"',
      PaginationToken,
    }),
  );
  const found = filtered.flatMap((page) => page.Users).map((user) => user.Username);
  assert.deepEqual(found.sort(), ['three', 'two']);
  await refused(
    admin.listUsers({ UserPoolId: poolId, AttributesToGet: ['nickname'] }),
    'InvalidParameterException',
  );
  await refused(
    admin.listUsers({ UserPoolId: poolId, PaginationToken: 'not-a-token' }),
    'InvalidParameterException',
  );
});

/** The names of all who are found, in the order in which the SDK's own paginator tells them. */
async function paged(poolId, Filter, pageSize = 2) {
  const names = [];
  const pages = paginateListUsers({ client: admin, pageSize }, { UserPoolId: poolId, Filter });
  for await (const { Users } of pages) {
    assert.ok(Users.length <= pageSize);
    names.push(...Users.map((user) => user.Username));
  }
  assert.equal(new Set(names).size, names.length, `nobody comes twice: ${names}`);
  return names;
}

test('each filter finds its users through all pages', async () => {
  const poolId = await createPool();
  const client = await createClient(poolId);
  const values = (n) => ({
    email: `Mail-${n}@example.com`,
    phone_number: `+1206555010${n}`,
    name: `Robin Lee ${n}`,
    given_name: `Robin${n}`,
    family_name: `Lee${n}`,
    preferred_username: `Nick-${n}`,
  });
  const users = [];
  for (let n = 0; n < 5; n += 1) {
    const attributes = Object.entries(values(n)).map(([Name, Value]) => ({ Name, Value }));
    users.push(await createUser(poolId, { username: `Robin-${n}`, UserAttributes: attributes }));
  }
  const names = users.map((user) => user.username);
  await admin.adminDisableUser({ UserPoolId: poolId, Username: names[3] });
  for (const Username of ['late-1', 'late-2', 'late-3']) {
    await anyone.signUp({ ClientId: client.ClientId, Username, Password: PASSWORD });
  }
  const found = async (filter) => (await paged(poolId, filter)).sort();
  for (const [attribute, value] of Object.entries(values(2))) {
    assert.deepEqual(await found(`${attribute} = "${value}"`), [names[2]]);
    assert.deepEqual(await found(`${attribute}="${value.toUpperCase()}"`), [names[2]], 'in any case');
    assert.deepEqual(await found(`${attribute} ^= "${value.slice(0, -1).split('2')[0]}"`), names);
    assert.deepEqual(await found(`${attribute} = "${value.slice(0, -1)}"`), []);
  }
  assert.deepEqual(await found('username = "Robin-2"'), [names[2]]);
  assert.deepEqual(await found('username = "robin-2"'), [], 'the case of names matters here');
  assert.deepEqual(await found('username ^= "Robin"'), names);
  assert.deepEqual(await found(`sub = "${users[1].sub}"`), [names[1]]);
  assert.deepEqual(await found(`sub ^= "${users[1].sub.slice(0, 13)}"`), [names[1]]);
  assert.deepEqual(await found('cognito:user_status = "CONFIRMED"'), names);
  assert.deepEqual(await found('cognito:user_status ^= "unconf"'), ['late-1', 'late-2', 'late-3']);
  assert.deepEqual(await found('status = "Disabled"'), [names[3]]);
  assert.equal((await found('status = "Enabled"')).length, 7);
  assert.deepEqual(await found('status = "enabled"'), [], 'the case of this word matters');
  assert.equal((await found('status ^= "E"')).length, 7);
});

test('whoever stays is listed once, whatever is written between the pages', async () => {
  const names = Array.from({ length: 8 }, (_, n) => `m${n}`);
  for (const Filter of [undefined, 'username ^= ""', 'email ^= "mail"', 'status = "Enabled"']) {
    const poolId = await createPool();
    for (const username of names) await createUser(poolId, { username });
    const seen = [];
    const pages = paginateListUsers({ client: admin, pageSize: 3 }, { UserPoolId: poolId, Filter });
    for await (const { Users } of pages) {
      seen.push(...Users.map((user) => user.Username));
      // The one on whom the page ended goes, and others come before and behind.
      await admin.adminDeleteUser({ UserPoolId: poolId, Username: seen.at(-1) });
      for (const start of ['a', 'z']) await createUser(poolId, { username: unique(start) });
    }
    assert.equal(new Set(seen).size, seen.length, `${Filter}: ${seen}`);
    assert.deepEqual(seen.filter((name) => names.includes(name)).sort(), names, Filter);
  }
});
