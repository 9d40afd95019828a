// Do groups come, go, hold users and show in tokens?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  admin,
  claims,
  createClient,
  createPool,
  createUser,
  pages,
  allRefused,
  refused,
  signIn,
  unique,
} from './world.mjs';

let UserPoolId;
let ClientId;

before(async () => {
  UserPoolId = await createPool();
  ({ ClientId } = await createClient(UserPoolId));
});

const ROLE = (name) => `arn:aws:iam::123456789012:role/${name}`;

/** The claims of the ID token of a new user in those groups. */
async function claimsIn(groups) {
  const { username: Username } = await createUser(UserPoolId);
  for (const { RoleArn, Precedence } of groups) {
    const GroupName = unique('group');
    await admin.createGroup({ UserPoolId, GroupName, RoleArn, Precedence });
    await admin.adminAddUserToGroup({ UserPoolId, Username, GroupName });
  }
  return claims((await signIn(UserPoolId, ClientId, Username)).IdToken);
}

test('a group describes back what it was created with', async () => {
  const group = {
    GroupName: unique('group'),
    Description: 'Those who read',
    RoleArn: ROLE('reader'),
    Precedence: 7,
  };
  const { Group: created } = await admin.createGroup({ UserPoolId, ...group });
  const { Group: read } = await admin.getGroup({ UserPoolId, GroupName: group.GroupName });
  for (const { CreationDate, LastModifiedDate, ...rest } of [created, read]) {
    assert.deepEqual(rest, { UserPoolId, ...group });
    assert.ok(CreationDate instanceof Date && LastModifiedDate instanceof Date);
  }
  await refused(admin.createGroup({ UserPoolId, ...group }), 'GroupExistsException');
});

test('an update changes what it names, and the tokens with it', async () => {
  const GroupName = unique('group');
  const before = { Description: 'Those who read', RoleArn: ROLE('reader'), Precedence: 7 };
  await admin.createGroup({ UserPoolId, GroupName, ...before });
  const { username: Username } = await createUser(UserPoolId);
  await admin.adminAddUserToGroup({ UserPoolId, Username, GroupName });
  const { CreationDate, LastModifiedDate, ...left } = (
    await admin.updateGroup({ UserPoolId, GroupName, RoleArn: ROLE('writer'), Precedence: 0 })
  ).Group;
  const after = { ...before, RoleArn: ROLE('writer'), Precedence: 0 };
  assert.deepEqual(left, { UserPoolId, GroupName, ...after });
  assert.ok(LastModifiedDate >= CreationDate);
  const { Group } = await admin.getGroup({ UserPoolId, GroupName });
  assert.deepEqual(Group, { ...left, CreationDate, LastModifiedDate });
  const { IdToken } = await signIn(UserPoolId, ClientId, Username);
  assert.equal(claims(IdToken)['cognito:preferred_role'], ROLE('writer'));
  await refused(
    admin.updateGroup({ UserPoolId, GroupName, Precedence: -1 }),
    'InvalidParameterException',
  );
  await refused(
    admin.updateGroup({ UserPoolId, GroupName: 'none', Precedence: 1 }),
    'ResourceNotFoundException',
  );
});

test('a group that is not there is not found', async () => {
  const GroupName = 'none';
  const { username: Username } = await createUser(UserPoolId);
  const calls = [
    admin.getGroup({ UserPoolId, GroupName }),
    admin.deleteGroup({ UserPoolId, GroupName }),
    admin.listUsersInGroup({ UserPoolId, GroupName }),
    admin.adminAddUserToGroup({ UserPoolId, GroupName, Username }),
    admin.adminRemoveUserFromGroup({ UserPoolId, GroupName, Username }),
  ];
  await allRefused(calls, 'ResourceNotFoundException');
});

test('a user who is not there joins nothing', async () => {
  const GroupName = unique('group');
  await admin.createGroup({ UserPoolId, GroupName });
  const call = { UserPoolId, GroupName, Username: unique('nobody') };
  const gone = ['UserNotFoundException', 'User does not exist.'];
  await refused(admin.adminAddUserToGroup(call), ...gone);
  await refused(admin.adminRemoveUserFromGroup(call), ...gone);
  await refused(
    admin.adminListGroupsForUser({ UserPoolId, Username: call.Username }),
    ...gone,
  );
});

test('groups are listed page by page', async () => {
  const poolId = await createPool();
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const GroupName of names) await admin.createGroup({ UserPoolId: poolId, GroupName });
  const all = await pages((NextToken) =>
    admin.listGroups({ UserPoolId: poolId, Limit: 2, NextToken }),
  );
  assert.deepEqual(all.map((page) => page.Groups.length), [2, 2, 1]);
  assert.deepEqual(all.flatMap((page) => page.Groups.map((group) => group.GroupName)).sort(), names);
  await refused(
    admin.listGroups({ UserPoolId: poolId, NextToken: 'not-a-token' }),
    'InvalidParameterException',
  );
});

test('who is in a group is seen from both sides, page by page', async () => {
  const GroupName = unique('group');
  await admin.createGroup({ UserPoolId, GroupName });
  const users = [];
  for (let n = 0; n < 5; n += 1) {
    const { username: Username } = await createUser(UserPoolId);
    users.push(Username);
    await admin.adminAddUserToGroup({ UserPoolId, GroupName, Username });
    await admin.adminAddUserToGroup({ UserPoolId, GroupName, Username });
  }
  const members = async () => {
    const all = await pages((NextToken) =>
      admin.listUsersInGroup({ UserPoolId, GroupName, Limit: 2, NextToken }),
    );
    assert.ok(all.every((page) => page.Users.length <= 2));
    return all.flatMap((page) => page.Users.map((user) => user.Username)).sort();
  };
  assert.deepEqual(await members(), [...users].sort());
  const [Username] = users;
  const more = [];
  for (let n = 0; n < 3; n += 1) {
    more.push(unique('more'));
    await admin.createGroup({ UserPoolId, GroupName: more[n] });
    await admin.adminAddUserToGroup({ UserPoolId, Username, GroupName: more[n] });
  }
  const joined = await pages((NextToken) =>
    admin.adminListGroupsForUser({ UserPoolId, Username, Limit: 3, NextToken }),
  );
  assert.deepEqual(joined.map((page) => page.Groups.length), [3, 1]);
  const groups = joined.flatMap((page) => page.Groups.map((group) => group.GroupName));
  assert.deepEqual(groups.sort(), [GroupName, ...more].sort());
  await admin.adminRemoveUserFromGroup({ UserPoolId, GroupName, Username });
  assert.deepEqual(await members(), users.slice(1).sort());
  await admin.adminDeleteUser({ UserPoolId, Username: users[1] });
  assert.deepEqual(await members(), users.slice(2).sort());
});

test('a user of no group has no claims of groups', async () => {
  const idClaims = await claimsIn([]);
  for (const claim of ['cognito:groups', 'cognito:roles', 'cognito:preferred_role']) {
    assert.ok(!(claim in idClaims), claim);
  }
});

test('the lowest number decides the preferred role, and no number comes last', async () => {
  const preferred = (groups) =>
    claimsIn(groups).then((idClaims) => idClaims['cognito:preferred_role']);
  const [a, b] = [ROLE('a'), ROLE('b')];
  assert.equal(await preferred([{ RoleArn: a, Precedence: 5 }, { RoleArn: b, Precedence: 0 }]), b);
  assert.equal(await preferred([{ RoleArn: a }, { RoleArn: b, Precedence: 99 }]), b);
  assert.equal(await preferred([{ RoleArn: a, Precedence: 3 }, { Precedence: 4 }]), a);
  const tie = [{ RoleArn: a, Precedence: 1 }, { RoleArn: b, Precedence: 1 }];
  assert.equal(await preferred(tie), undefined);
  const agreed = [{ RoleArn: a, Precedence: 1 }, { RoleArn: a, Precedence: 1 }];
  assert.equal(await preferred(agreed), a);
});

test('a group that is left or deleted leaves the next token', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const names = [unique('stays'), unique('left'), unique('deleted')];
  for (const GroupName of names) {
    await admin.createGroup({ UserPoolId, GroupName });
    await admin.adminAddUserToGroup({ UserPoolId, Username, GroupName });
  }
  const tokens = await signIn(UserPoolId, ClientId, Username);
  assert.deepEqual(claims(tokens.AccessToken)['cognito:groups'].sort(), [...names].sort());
  await admin.adminRemoveUserFromGroup({ UserPoolId, Username, GroupName: names[1] });
  await admin.deleteGroup({ UserPoolId, GroupName: names[2] });
  const { AuthenticationResult } = await admin.adminInitiateAuth({
    UserPoolId,
    ClientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
  });
  for (const token of [AuthenticationResult.AccessToken, AuthenticationResult.IdToken]) {
    assert.deepEqual(claims(token)['cognito:groups'], [names[0]]);
  }
  await admin.createGroup({ UserPoolId, GroupName: names[2] });
  const { Users } = await admin.listUsersInGroup({ UserPoolId, GroupName: names[2] });
  assert.deepEqual(Users, [], 'a group of the same name begins empty');
});
