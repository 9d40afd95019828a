// Is what Cognate offers beyond Cognito there for whoever signs as AWS's SDK does?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { extension } from './extension.mjs';
import {
  CREDENTIALS,
  ENDPOINT,
  PASSWORD,
  REGION,
  admin,
  anyone,
  attribute,
  createClient,
  createPool,
  createUser,
  refused,
  signIn,
} from './world.mjs';

const settings = { endpoint: ENDPOINT, region: REGION, credentials: CREDENTIALS };
const call = (name, input) => extension(settings, name, input);

let UserPoolId;

before(async () => {
  const Schema = [
    { Name: 'plan', AttributeDataType: 'String', Mutable: true },
    { Name: 'seats', AttributeDataType: 'Number', Mutable: true },
  ];
  UserPoolId = await createPool({ Schema });
  for (const [n, plan] of ['gold', 'silver', 'golden', 'none', 'gold'].entries()) {
    const UserAttributes = [
      { Name: 'email', Value: `user${n}@example.com` },
      { Name: 'custom:plan', Value: plan },
      { Name: 'custom:seats', Value: String(10 - n) },
    ];
    await createUser(UserPoolId, { username: `user-${n}`, UserAttributes });
  }
});

/** The names of all who are found, page by page. */
async function found(query) {
  const names = [];
  let PaginationToken;
  do {
    const page = await call('SearchUsers', { UserPoolId, ...query, PaginationToken });
    names.push(...page.Users.map((user) => user.Username));
    PaginationToken = page.PaginationToken;
  } while (PaginationToken);
  return names;
}

test('users are searched by any attribute and in any order', async () => {
  const gold = { Filter: 'custom:plan co "gold"', Limit: 2 };
  assert.deepEqual((await found(gold)).sort(), ['user-0', 'user-2', 'user-4']);
  const sorted = { ...gold, SortBy: 'custom:seats', SortOrder: 'ascending' };
  assert.deepEqual(await found(sorted), ['user-4', 'user-2', 'user-0']);
  assert.deepEqual(await found({ ...sorted, SortOrder: 'descending' }), ['user-0', 'user-2', 'user-4']);
  const both = 'custom:seats lt 9 and not (custom:plan eq "none")';
  assert.deepEqual((await found({ Filter: both })).sort(), ['user-2', 'user-4']);
  const garbled = call('SearchUsers', { UserPoolId, Filter: 'custom:plan is "gold"' });
  await assert.rejects(garbled, { name: 'InvalidParameterException' });
});

test('a schema changes where AWS freezes it', async () => {
  const { ClientId } = await createClient(UserPoolId);
  const { AccessToken } = await signIn(UserPoolId, ClientId, 'user-0');
  const write = (Value) =>
    anyone.updateUserAttributes({ AccessToken, UserAttributes: [{ Name: 'custom:plan', Value }] });
  await write('bronze');
  const ChangeAttributes = [{ Name: 'custom:plan', Mutable: false }];
  const changed = await call('ChangeUserPoolSchema', { UserPoolId, ChangeAttributes });
  assert.equal(changed.Status, 'SUCCEEDED');
  await refused(write('lead'), 'InvalidParameterException');

  const RemoveAttributes = ['custom:seats'];
  const remove = async (more) => {
    let change = await call('ChangeUserPoolSchema', { UserPoolId, RemoveAttributes, ...more });
    while (change.Status === 'IN_PROGRESS') change = await call('ChangeUserPoolSchema', { UserPoolId });
    return change;
  };
  const kept = await remove({});
  assert.equal(kept.Status, 'FAILED');
  assert.ok(kept.Holders.length > 0);
  assert.equal((await remove({ RemoveValues: true })).Status, 'SUCCEEDED');
  const { UserPool } = await admin.describeUserPool({ UserPoolId });
  const names = UserPool.SchemaAttributes.map((one) => one.Name);
  assert.ok(names.includes('custom:plan') && !names.includes('custom:seats'));
  const user = await admin.adminGetUser({ UserPoolId, Username: 'user-1' });
  assert.equal(attribute(user.UserAttributes, 'custom:seats'), undefined);
  assert.equal(attribute(user.UserAttributes, 'custom:plan'), 'silver');
});

test('nobody but the administrator may ask for it', async () => {
  const stranger = { ...settings, credentials: { accessKeyId: 'nobody', secretAccessKey: PASSWORD } };
  const search = extension(stranger, 'SearchUsers', { UserPoolId });
  await assert.rejects(search, { name: 'UnrecognizedClientException' });
  const unsigned = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Cognate.SearchUsers' },
    body: JSON.stringify({ UserPoolId }),
  });
  assert.equal(unsigned.status, 400);
  assert.equal((await unsigned.json()).__type, 'MissingAuthenticationTokenException');
  const nothing = call('SearchNothing', { UserPoolId });
  await assert.rejects(nothing, { name: 'UnknownOperationException' });
});
