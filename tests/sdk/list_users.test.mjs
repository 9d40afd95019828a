// Are users found and listed as in Cognito?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  PASSWORD,
  admin,
  anyone,
  createClient,
  createPool,
  createUser,
  pages,
  refused,
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
