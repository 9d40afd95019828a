// What do an identity's credentials open? What groups, roles and policies say, and nothing else.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import {
  fromCognitoIdentity,
  fromCognitoIdentityPool,
} from '@aws-sdk/credential-provider-cognito-identity';

import {
  ACCOUNT,
  allow,
  anybody,
  callerOf,
  createIdentityPool,
  createRole,
  iam,
  identities,
  providerOf,
  trust,
  usable,
} from './identity.mjs';
import {
  ENDPOINT,
  REGION,
  admin,
  createClient,
  createPool,
  createUser,
  refused,
  signIn,
  unique,
} from './world.mjs';

const clientConfig = { endpoint: ENDPOINT, region: REGION, maxAttempts: 1 };

let users;
let provider;
let IdentityPoolId;
let roles;

before(async () => {
  const poolId = await createPool();
  users = { poolId, clientId: (await createClient(poolId)).ClientId };
  provider = providerOf(poolId);
  IdentityPoolId = await createIdentityPool(users);
  const pool = [`arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${poolId}`];
  const read = ['cognito-idp:ListUsers', 'cognito-idp:AdminGetUser'];
  const trusted = trust(IdentityPoolId);
  roles = {
    authenticated: await createRole(trusted, ['cognito-idp:DescribeUserPool'], pool),
    unauthenticated: await createRole(trust(IdentityPoolId, 'unauthenticated')),
    readers: await createRole(trusted, read, pool),
    editors: await createRole(trusted, [...read, 'cognito-idp:AdminUpdateUserAttributes'], pool),
  };
  for (const [Precedence, GroupName] of ['editors', 'readers'].entries()) {
    const RoleArn = roles[GroupName];
    await admin.createGroup({ UserPoolId: poolId, GroupName, RoleArn, Precedence });
  }
  await map({ Type: 'Token', AmbiguousRoleResolution: 'AuthenticatedRole' });
});

/** Has the pool choose roles so. */
function map(mapping) {
  const { authenticated, unauthenticated } = roles;
  return identities.setIdentityPoolRoles({
    IdentityPoolId,
    Roles: { authenticated, unauthenticated },
    RoleMappings: mapping && { [`${provider}:${users.clientId}`]: mapping },
  });
}

/** The logins of a new user of those groups. */
async function member(...groups) {
  const { username: Username } = await createUser(users.poolId);
  for (const GroupName of groups) {
    await admin.adminAddUserToGroup({ UserPoolId: users.poolId, GroupName, Username });
  }
  const { IdToken } = await signIn(users.poolId, users.clientId, Username);
  return { Username, logins: { [provider]: IdToken } };
}

async function given(Logins, more = {}) {
  const { IdentityId } = await anybody.getId({ IdentityPoolId, Logins });
  return anybody.getCredentialsForIdentity({ IdentityId, Logins, ...more });
}

/** The name of the role that credentials are of. */
async function roleOf({ Credentials }) {
  const { Arn } = await callerOf(usable(Credentials));
  return Arn.split('/')[1];
}

const nameOf = (arn) => arn.split('/')[1];

function userPoolsBy(credentials) {
  return new CognitoIdentityProvider({ ...clientConfig, credentials });
}

test('credentials say whose they are and until when', async () => {
  const started = Date.now();
  const answer = await given();
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = answer.Credentials;
  assert.match(AccessKeyId, /^ASIA[A-Z0-9]{16}$/);
  assert.equal(SecretKey.length, 40);
  assert.ok(SessionToken);
  const lives = Expiration.getTime() - started;
  assert.ok(Math.abs(lives - 3_600_000) < 10_000, `${lives} ms`);
  const { Account, Arn, UserId } = await callerOf(usable(answer.Credentials));
  assert.equal(Account, ACCOUNT);
  const role = nameOf(roles.unauthenticated);
  assert.equal(Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/CognitoIdentityCredentials`);
  assert.match(UserId, /CognitoIdentityCredentials$/);
});

test("the SDK's own provider gets a guest's credentials and a member's", async () => {
  const config = { identityPoolId: IdentityPoolId, clientConfig };
  const guest = await fromCognitoIdentityPool(config)();
  assert.ok(guest.identityId.startsWith(`${REGION}:`));
  assert.ok(guest.expiration > new Date());
  assert.equal(nameOf((await callerOf(guest)).Arn), nameOf(roles.unauthenticated));

  const { Username, logins } = await member('readers');
  const ids = { [provider]: async () => logins[provider] };
  const member1 = await fromCognitoIdentityPool({ ...config, logins: ids, userIdentifier: Username })();
  assert.equal(nameOf((await callerOf(member1)).Arn), nameOf(roles.readers));
  const { identityId } = member1;
  const again = await fromCognitoIdentity({ identityId, logins, clientConfig })();
  assert.equal(again.identityId, identityId);
});

test('who reads may not write, but who edits may: by groups, roles and policies alone', async () => {
  const [reader, editor] = [await member('readers'), await member('editors')];
  const config = { identityPoolId: IdentityPoolId, clientConfig };
  const by = ({ Username, logins }) =>
    userPoolsBy(fromCognitoIdentityPool({ ...config, logins, userIdentifier: Username }));
  const UserPoolId = users.poolId;
  const write = (client, Value) =>
    client.adminUpdateUserAttributes({
      UserPoolId,
      Username: reader.Username,
      UserAttributes: [{ Name: 'nickname', Value }],
    });
  for (const one of [reader, editor]) {
    const { Users } = await by(one).listUsers({ UserPoolId, Limit: 1 });
    assert.equal(Users.length, 1);
  }
  await write(by(editor), 'orders');
  const arn = `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${UserPoolId}`;
  const who = `arn:aws:sts::${ACCOUNT}:assumed-role/${nameOf(roles.readers)}/CognitoIdentityCredentials`;
  await refused(
    write(by(reader), 'invoices'),
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: cognito-idp:AdminUpdateUserAttributes on ` +
      `resource: ${arn} because no identity-based policy allows the action`,
  );
  const { UserAttributes } = await by(reader).adminGetUser({
    UserPoolId,
    Username: reader.Username,
  });
  assert.equal(UserAttributes.find(({ Name }) => Name === 'nickname').Value, 'orders');
  // Another pool is none of theirs.
  const elsewhere = await createPool();
  await refused(by(editor).listUsers({ UserPoolId: elsewhere }), 'AccessDeniedException');
});

test('what a policy says holds from the next call on', async () => {
  const RoleName = nameOf(await createRole(trust(IdentityPoolId), ['cognito-idp:ListUsers']));
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
  const GroupName = unique('group');
  await admin.createGroup({ UserPoolId: users.poolId, GroupName, RoleArn });
  const { Credentials } = await given((await member(GroupName)).logins);
  const client = userPoolsBy(usable(Credentials));
  const list = () => client.listUsers({ UserPoolId: users.poolId, Limit: 1 });
  await list();
  await allow(RoleName, ['cognito-idp:ListGroups']);
  await refused(list(), 'AccessDeniedException');
  await client.listGroups({ UserPoolId: users.poolId });
  await iam.deleteRolePolicy({ RoleName, PolicyName: 'work' });
  await iam.deleteRole({ RoleName });
  await refused(client.listGroups({ UserPoolId: users.poolId }), 'AccessDeniedException');
});

test('a member of two groups gets the better role, or the one that is asked for', async () => {
  const { logins } = await member('readers', 'editors');
  assert.equal(await roleOf(await given(logins)), nameOf(roles.editors));
  const asked = await given(logins, { CustomRoleArn: roles.readers });
  assert.equal(await roleOf(asked), nameOf(roles.readers));
  for (const CustomRoleArn of [roles.authenticated, `arn:aws:iam::${ACCOUNT}:role/none`]) {
    await refused(given(logins, { CustomRoleArn }), 'NotAuthorizedException');
  }
  await refused(given(undefined, { CustomRoleArn: roles.editors }), 'NotAuthorizedException');
});

test('who is of no group, or of none that is better, gets what the pool says', async () => {
  const lone = await member();
  assert.equal(await roleOf(await given(lone.logins)), nameOf(roles.authenticated));
  const groups = [];
  for (const RoleArn of [roles.readers, roles.editors]) {
    const GroupName = unique('group');
    await admin.createGroup({ UserPoolId: users.poolId, GroupName, RoleArn });
    groups.push(GroupName);
  }
  const both = await member(...groups);
  assert.equal(await roleOf(await given(both.logins)), nameOf(roles.authenticated));
  await map({ Type: 'Token', AmbiguousRoleResolution: 'Deny' });
  for (const { logins } of [lone, both]) await refused(given(logins), 'NotAuthorizedException');
  await map({ Type: 'Token', AmbiguousRoleResolution: 'AuthenticatedRole' });
});

test('rules choose by each kind of match, the first that is met', async () => {
  const { Username, logins } = await member('readers');
  const rule = (Claim, MatchType, Value) => ({ Claim, MatchType, Value });
  const name = 'cognito:username';
  const half = Username.slice(2, 9);
  for (const [rules, chosen] of [
    [[rule(name, 'Equals', Username)], 0],
    [[rule(name, 'Equals', half), rule(name, 'Contains', half)], 1],
    [[rule(name, 'StartsWith', half), rule(name, 'StartsWith', 'user-')], 1],
    [[rule(name, 'NotEqual', Username), rule(name, 'NotEqual', half)], 1],
    [[rule('nothing', 'NotEqual', 'a'), rule('cognito:groups', 'Contains', 'readers')], 1],
    [[rule(name, 'Contains', half), rule(name, 'Equals', Username)], 0],
    [[rule('nothing', 'Equals', 'a'), rule(name, 'Equals', 'a')], undefined],
  ]) {
    const of = [roles.readers, roles.editors];
    const Rules = rules.map((one, n) => ({ ...one, RoleARN: of[n] }));
    const mapping = { Type: 'Rules', RulesConfiguration: { Rules } };
    await map({ ...mapping, AmbiguousRoleResolution: 'AuthenticatedRole' });
    const wanted = chosen === undefined ? roles.authenticated : of[chosen];
    assert.equal(await roleOf(await given(logins)), nameOf(wanted), JSON.stringify(rules));
    await map({ ...mapping, AmbiguousRoleResolution: 'Deny' });
    if (chosen === undefined) await refused(given(logins), 'NotAuthorizedException');
    else assert.equal(await roleOf(await given(logins)), nameOf(wanted));
  }
  await map({ Type: 'Token', AmbiguousRoleResolution: 'AuthenticatedRole' });
});

test('claims become tags, of which policies may speak', async () => {
  const { Username, logins } = await member('readers');
  const PrincipalTags = { who: 'cognito:username' };
  const named = { IdentityPoolId, IdentityProviderName: provider };
  await identities.setPrincipalTagAttributeMap({ ...named, PrincipalTags });
  const { Credentials } = await given(logins);
  await identities.setPrincipalTagAttributeMap({ ...named, PrincipalTags: {} });
  const Condition = { StringEquals: { 'aws:PrincipalTag/who': Username } };
  const put = (condition) =>
    iam.putRolePolicy({
      RoleName: nameOf(roles.readers),
      PolicyName: 'tagged',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'cognito-idp:ListGroups', Resource: '*', Condition: condition },
      }),
    });
  const list = (credentials) =>
    userPoolsBy(usable(credentials)).listGroups({ UserPoolId: users.poolId });
  await put(Condition);
  await list(Credentials);
  const untagged = await given((await member('readers')).logins);
  await refused(list(untagged.Credentials), 'AccessDeniedException');
});

test('a role is given to whom it trusts, and to nobody else', async () => {
  const invalid = [
    'InvalidIdentityPoolConfigurationException',
    'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
  ];
  const { logins } = await member();
  const elsewhere = await createIdentityPool(users);
  const { IdentityId } = await anybody.getId({ IdentityPoolId: elsewhere, Logins: logins });
  const get = () => anybody.getCredentialsForIdentity({ IdentityId, Logins: logins });
  await refused(get(), ...invalid);
  for (const authenticated of [
    roles.authenticated,
    await createRole(trust(elsewhere, 'unauthenticated')),
    `arn:aws:iam::${ACCOUNT}:role/none`,
  ]) {
    await identities.setIdentityPoolRoles({ IdentityPoolId: elsewhere, Roles: { authenticated } });
    await refused(get(), ...invalid);
  }
  const authenticated = await createRole(trust(elsewhere, provider));
  await identities.setIdentityPoolRoles({ IdentityPoolId: elsewhere, Roles: { authenticated } });
  await get();
});

test('swapped and altered credentials open nothing', async () => {
  const [one, other] = [await given(), await given()].map(({ Credentials }) => usable(Credentials));
  const call = (credentials) =>
    new CognitoIdentity({ ...clientConfig, credentials }).listIdentityPools({ MaxResults: 1 });
  await refused(call(one), 'AccessDeniedException');
  const { sessionToken, accessKeyId, secretAccessKey } = other;
  const spoiled = `${one.sessionToken.slice(0, -2)}AA`;
  for (const credentials of [
    { ...one, sessionToken },
    { ...one, accessKeyId },
    { ...one, sessionToken: spoiled === one.sessionToken ? 'AAAA' : spoiled },
    { ...one, sessionToken: undefined },
  ]) {
    await refused(call(credentials), 'UnrecognizedClientException');
  }
  await refused(call({ ...one, secretAccessKey }), 'InvalidSignatureException');
});
