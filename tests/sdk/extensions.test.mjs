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
  const kept = await call('ChangeUserPoolSchema', { UserPoolId, RemoveAttributes });
  assert.equal(kept.Status, 'FAILED');
  assert.ok(kept.Holders.length > 0);
  let removed = await call('ChangeUserPoolSchema', { UserPoolId, RemoveAttributes, RemoveValues: true });
  while (removed.Status === 'IN_PROGRESS') removed = await call('ChangeUserPoolSchema', { UserPoolId });
  assert.equal(removed.Status, 'SUCCEEDED');
  const { UserPool } = await admin.describeUserPool({ UserPoolId });
  const names = UserPool.SchemaAttributes.map((one) => one.Name);
  assert.ok(names.includes('custom:plan') && !names.includes('custom:seats'));
  const user = await admin.adminGetUser({ UserPoolId, Username: 'user-1' });
  assert.equal(attribute(user.UserAttributes, 'custom:seats'), undefined);
  assert.equal(attribute(user.UserAttributes, 'custom:plan'), 'silver');
});

test('nobody but the administrator may ask for it', async () => {
  const stranger = { ...settings, credentials: { accessKeyId: 'nobody', secretAccessKey: PASSWORD } };
  const change = extension(stranger, 'ChangeUserPoolSchema', { UserPoolId });
  await assert.rejects(change, { name: 'UnrecognizedClientException' });
  const unsigned = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Cognate.ChangeUserPoolSchema' },
    body: JSON.stringify({ UserPoolId }),
  });
  assert.equal(unsigned.status, 400);
  assert.equal((await unsigned.json()).__type, 'MissingAuthenticationTokenException');
  const nothing = call('SearchNothing', { UserPoolId });
  await assert.rejects(nothing, { name: 'UnknownOperationException' });
});
