// Do the SDK's clients of STS and IAM get roles, and only those that they may have?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';

import {
  ACCOUNT,
  anybody,
  callerOf,
  createIdentityPool,
  iam,
  identities,
  providerOf,
  trust,
} from './identity.mjs';
import { CLIENT, providers } from '../edge/providers.mjs';
import { extension } from './extension.mjs';
import {
  admin,
  createClient,
  createPool,
  CREDENTIALS,
  ENDPOINT,
  PASSWORD,
  REGION,
  unique,
} from './world.mjs';

const settings = { endpoint: ENDPOINT, region: REGION, maxAttempts: 1 };
const sts = new STS({ ...settings, credentials: CREDENTIALS });

/** Whoever has nothing but a token: a call that were signed would fail. */
const unsigned = new STS({
  ...settings,
  credentials: () => Promise.reject(new Error('the operation wants to be signed')),
});

const RoleSessionName = 'ann';
let poolId;

before(async () => {
  poolId = await createIdentityPool();
});

async function role(trusted, ...actions) {
  const RoleName = unique('role');
  const AssumeRolePolicyDocument = JSON.stringify(trusted);
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  if (actions.length > 0) {
    const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.putRolePolicy({ RoleName, PolicyName: 'work', PolicyDocument });
  }
  return Role.Arn;
}

function trusting(Principal, Action, Condition) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action, Condition }] };
}

function of(credentials) {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

async function guest() {
  const { IdentityId } = await anybody.getId({ IdentityPoolId: poolId });
  const { Token } = await anybody.getOpenIdToken({ IdentityId });
  return { IdentityId, Token };
}

test('a token of an identity pool is exchanged for the role that trusts it', async () => {
  const RoleArn = await role(trust(poolId, 'unauthenticated'));
  const { IdentityId, Token } = await guest();
  const taken = await unsigned.assumeRoleWithWebIdentity({
    RoleArn,
    RoleSessionName,
    WebIdentityToken: Token,
    DurationSeconds: 900,
  });
  assert.equal(taken.SubjectFromWebIdentityToken, IdentityId);
  assert.equal(taken.Audience, poolId);
  const leftS = (taken.Credentials.Expiration - Date.now()) / 1000;
  assert.ok(leftS > 880 && leftS <= 900, `${leftS} s are left`);
  const { Arn, UserId } = await callerOf(of(taken.Credentials));
  assert.equal(Arn, taken.AssumedRoleUser.Arn);
  assert.equal(UserId, taken.AssumedRoleUser.AssumedRoleId);
  const members = await role(trust(poolId));
  await assert.rejects(
    unsigned.assumeRoleWithWebIdentity({ RoleArn: members, RoleSessionName, WebIdentityToken: Token }),
    { name: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' },
  );
  const spoiled = `${Token.slice(0, -20)}${'A'.repeat(20)}`;
  await assert.rejects(
    unsigned.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName, WebIdentityToken: spoiled }),
    { name: 'InvalidIdentityTokenException' },
  );
});

test('a session policy narrows what a role may do', async () => {
  const RoleArn = await role(
    trusting({ AWS: ACCOUNT }, 'sts:AssumeRole'),
    'iam:ListRoles',
    'iam:ListOpenIDConnectProviders',
  );
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }],
  });
  const whole = await sts.assumeRole({ RoleArn, RoleSessionName });
  const narrow = await sts.assumeRole({ RoleArn, RoleSessionName, Policy });
  assert.ok(narrow.PackedPolicySize > 0);
  const [all, some] = [whole, narrow].map(
    ({ Credentials }) => new IAM({ ...settings, credentials: of(Credentials) }),
  );
  assert.ok((await all.listOpenIDConnectProviders({})).OpenIDConnectProviderList);
  assert.ok((await some.listRoles({})).Roles.length > 0);
  await assert.rejects(some.listOpenIDConnectProviders({}), {
    name: 'AccessDenied',
    message: /because no session policy allows the action$/,
  });
  await assert.rejects(sts.assumeRole({ RoleArn, RoleSessionName, Policy: '{}' }), {
    name: 'MalformedPolicyDocumentException',
  });
  await assert.rejects(
    sts.assumeRole({ RoleArn, RoleSessionName, Policy: Policy + ' '.repeat(2_000) }),
    { name: 'PackedPolicyTooLargeException' },
  );
});

test('roles lead to one another with tags that are passed on', async () => {
  const AWS = ACCOUNT;
  const first = await role(
    trusting({ AWS }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
    'sts:AssumeRole',
  );
  const team = { StringEquals: { 'aws:RequestTag/team': 'blue' } };
  const second = await role(
    trusting({ AWS: first }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], team),
  );
  const tagged = await sts.assumeRole({
    RoleArn: first,
    RoleSessionName,
    Tags: [{ Key: 'team', Value: 'blue' }],
    TransitiveTagKeys: ['team'],
    SourceIdentity: 'ann.smith',
  });
  const plain = await sts.assumeRole({ RoleArn: first, RoleSessionName });
  const [by, without] = [tagged, plain].map(
    ({ Credentials }) => new STS({ ...settings, credentials: of(Credentials) }),
  );
  const next = await by.assumeRole({ RoleArn: second, RoleSessionName: 'next' });
  assert.equal(next.SourceIdentity, 'ann.smith');
  assert.match((await callerOf(of(next.Credentials))).Arn, /:assumed-role\/role-[0-9a-f]+\/next$/);
  await assert.rejects(without.assumeRole({ RoleArn: second, RoleSessionName }), {
    name: 'AccessDenied',
  });
});

test('the account gets credentials of its own, and nobody who has a role does', async () => {
  const { Credentials } = await sts.getSessionToken({ DurationSeconds: 900 });
  assert.equal((await callerOf(of(Credentials))).Arn, `arn:aws:iam::${ACCOUNT}:root`);
  const short = new IAM({ ...settings, credentials: of(Credentials) });
  await assert.rejects(short.listRoles({}), { name: 'AccessDenied' });
  const RoleArn = await role(trusting({ AWS: ACCOUNT }, 'sts:AssumeRole'));
  const taken = await sts.assumeRole({ RoleArn, RoleSessionName });
  const by = new STS({ ...settings, credentials: of(taken.Credentials) });
  await assert.rejects(by.getSessionToken({}), { name: 'AccessDenied' });
});

test('SAML assertions are told to be for later', async () => {
  const call = sts.assumeRoleWithSAML({
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/any`,
    PrincipalArn: `arn:aws:iam::${ACCOUNT}:saml-provider/corporate`,
    SAMLAssertion: 'PHNhbWw+',
  });
  await assert.rejects(call, { name: 'InvalidIdentityTokenException' });
});

test('a user pool vouches for a role as a provider that IAM knows', async () => {
  const users = await createPool();
  const { ClientId } = await createClient(users);
  const named = { UserPoolId: users, Username: unique() };
  await admin.adminCreateUser({ ...named, MessageAction: 'SUPPRESS' });
  await admin.adminSetUserPassword({ ...named, Password: PASSWORD, Permanent: true });
  const { AuthenticationResult } = await admin.adminInitiateAuth({
    UserPoolId: users,
    ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: named.Username, PASSWORD },
  });
  const WebIdentityToken = AuthenticationResult.IdToken;
  const name = providerOf(users);
  const take = (RoleArn) =>
    unsigned.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName, WebIdentityToken });
  const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}`;
  const RoleArn = await role(
    trusting({ Federated: arn }, 'sts:AssumeRoleWithWebIdentity', {
      StringEquals: { [`${name}:aud`]: ClientId },
    }),
  );
  await assert.rejects(take(RoleArn), {
    name: 'InvalidIdentityTokenException',
    message: /^No OpenIDConnect provider found in your account for /,
  });
  const made = await iam.createOpenIDConnectProvider({
    Url: `https://${name}`,
    ClientIDList: ['another'],
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
  assert.equal(made.OpenIDConnectProviderArn, arn);
  const OpenIDConnectProviderArn = arn;
  await assert.rejects(take(RoleArn), { message: 'Incorrect token audience' });
  await iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: ClientId });
  assert.equal((await take(RoleArn)).Audience, ClientId);
  await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'another' });
  const shown = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn });
  assert.deepEqual([shown.Url, shown.ClientIDList], [name, [ClientId]]);
  assert.deepEqual(shown.Tags, [{ Key: 'team', Value: 'blue' }]);
  const { OpenIDConnectProviderList } = await iam.listOpenIDConnectProviders({});
  assert.ok(OpenIDConnectProviderList.some(({ Arn }) => Arn === arn));
  await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
  await assert.rejects(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn }), {
    name: 'NoSuchEntityException',
  });
  await assert.rejects(take(RoleArn), { name: 'InvalidIdentityTokenException' });
});

test('a provider on this machine vouches for a role and for an identity', async (t) => {
  const outside = await providers();
  t.after(() => outside.stop());
  const name = `127.0.0.1:${outside.port}`;
  const signIn = outside.openId(name, { scheme: 'http' });
  const { OpenIDConnectProviderArn } = await iam.createOpenIDConnectProvider({
    Url: `http://${name}`,
    ClientIDList: [CLIENT],
  });
  t.after(() => iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn }));
  const RoleArn = await role(
    trusting({ Federated: OpenIDConnectProviderArn }, 'sts:AssumeRoleWithWebIdentity', {
      StringEquals: { [`${name}:sub`]: 'ann' },
    }),
  );
  const take = async (subject) =>
    unsigned.assumeRoleWithWebIdentity({
      RoleArn,
      RoleSessionName,
      WebIdentityToken: await signIn(subject),
    });
  assert.equal((await take('ann')).Provider, `http://${name}`);
  await assert.rejects(take('bob'), { name: 'AccessDenied' });
  const OpenIdConnectProviderARNs = [OpenIDConnectProviderArn];
  const IdentityPoolId = await createIdentityPool({}, { OpenIdConnectProviderARNs });
  const idOf = async () => {
    const Logins = { [name]: await signIn('ann') };
    return (await anybody.getId({ IdentityPoolId, Logins })).IdentityId;
  };
  assert.equal(await idOf(), await idOf());
});

test('credentials of a revoked identity are refused from the next call on', async () => {
  const RoleArn = await role(trust(poolId, 'unauthenticated'), 'cognito-identity:*');
  await identities.setIdentityPoolRoles({ IdentityPoolId: poolId, Roles: { unauthenticated: RoleArn } });
  const { IdentityId } = await guest();
  const credentials = async () => {
    const { Credentials } = await anybody.getCredentialsForIdentity({ IdentityId });
    const { AccessKeyId, SecretKey, SessionToken } = Credentials;
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken };
  };
  const list = async (by) => {
    return new CognitoIdentity({ ...settings, credentials: by }).listIdentityPools({ MaxResults: 1 });
  };
  const old = await credentials();
  await list(old);
  await extension({ ...settings, credentials: CREDENTIALS }, 'RevokeIdentityCredentials', { IdentityId });
  await assert.rejects(list(old), { name: 'ExpiredTokenException' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await list(await credentials());
});
