// Do identity pools keep what they were told, and refuse what makes no sense?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { ACCOUNT, anybody, createIdentityPool, identities, providerOf } from './identity.mjs';
import { REGION, createClient, createPool, pages, refused, unique } from './world.mjs';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;

let users;

before(async () => {
  const poolId = await createPool();
  users = { poolId, clientId: (await createClient(poolId)).ClientId };
});

/** All that an answer says but how it came. */
function said({ $metadata, ...rest }) {
  assert.equal($metadata.httpStatusCode, 200);
  assert.ok($metadata.requestId);
  return rest;
}

function settings(more = {}) {
  return {
    IdentityPoolName: unique('shop'),
    AllowUnauthenticatedIdentities: true,
    AllowClassicFlow: false,
    SupportedLoginProviders: {
      'accounts.google.com': 'app.apps.googleusercontent.com',
      'api.twitter.com': 'key;secret',
      'graph.facebook.com': '1066',
      'www.amazon.com': 'amzn1.application.7',
    },
    DeveloperProviderName: 'login.shop',
    OpenIdConnectProviderARNs: [`arn:aws:iam::${ACCOUNT}:oidc-provider/id.example.com`],
    CognitoIdentityProviders: [
      {
        ProviderName: providerOf(users.poolId),
        ClientId: users.clientId,
        ServerSideTokenCheck: true,
      },
    ],
    SamlProviderARNs: [`arn:aws:iam::${ACCOUNT}:saml-provider/corporate`],
    IdentityPoolTags: { team: 'shop' },
    ...more,
  };
}

test('a pool describes back what it was created with, until it is deleted', async () => {
  const wanted = settings();
  const made = said(await identities.createIdentityPool(wanted));
  assert.deepEqual(made, { IdentityPoolId: made.IdentityPoolId, ...wanted });
  assert.match(made.IdentityPoolId, new RegExp(`^${REGION}:[0-9a-f-]{36}$`));
  const named = { IdentityPoolId: made.IdentityPoolId };
  assert.deepEqual(said(await identities.describeIdentityPool(named)), made);
  await identities.deleteIdentityPool(named);
  const message = `IdentityPool '${made.IdentityPoolId}' not found.`;
  const gone = [
    () => identities.describeIdentityPool(named),
    () => identities.deleteIdentityPool(named),
    () => identities.getIdentityPoolRoles(named),
    () => identities.listIdentities({ ...named, MaxResults: 1 }),
    () => identities.updateIdentityPool({ ...made }),
    () => anybody.getId(named),
  ];
  for (const call of gone) await refused(call(), 'ResourceNotFoundException', message);
});

test('an update replaces what a pool was told', async () => {
  const { IdentityPoolId } = await identities.createIdentityPool(settings());
  const fewer = {
    IdentityPoolId,
    IdentityPoolName: unique('shop'),
    AllowUnauthenticatedIdentities: false,
    DeveloperProviderName: 'login.shop',
  };
  const updated = said(await identities.updateIdentityPool(fewer));
  for (const [member, value] of Object.entries(fewer)) assert.deepEqual(updated[member], value);
  assert.equal(updated.SupportedLoginProviders, undefined);
  assert.deepEqual(said(await identities.describeIdentityPool({ IdentityPoolId })), updated);
  await refused(
    identities.updateIdentityPool({ ...fewer, DeveloperProviderName: 'login.other' }),
    'InvalidParameterException',
  );
});

test('each pool is on one page of the list', async () => {
  const made = [];
  for (let n = 0; n < 3; n += 1) made.push(await createIdentityPool());
  const list = await pages((NextToken) => identities.listIdentityPools({ MaxResults: 2, NextToken }));
  const ids = list.flatMap((page) => page.IdentityPools.map((pool) => pool.IdentityPoolId));
  assert.equal(new Set(ids).size, ids.length);
  for (const id of made) assert.ok(ids.includes(id));
  assert.ok(list.every((page) => page.IdentityPools.length <= 2));
  assert.ok(list[0].IdentityPools[0].IdentityPoolName);
});

test('tags come and go', async () => {
  const IdentityPoolId = await createIdentityPool({}, { IdentityPoolTags: { team: 'shop' } });
  const ResourceArn = `arn:aws:cognito-identity:${REGION}:${ACCOUNT}:identitypool/${IdentityPoolId}`;
  const tags = async () => (await identities.listTagsForResource({ ResourceArn })).Tags;
  assert.deepEqual(await tags(), { team: 'shop' });
  await identities.tagResource({ ResourceArn, Tags: { team: 'orders', cost: '7' } });
  assert.deepEqual(await tags(), { cost: '7', team: 'orders' });
  await identities.untagResource({ ResourceArn, TagKeys: ['team', 'nothing'] });
  assert.deepEqual(await tags(), { cost: '7' });
});

test('roles and their mappings are shown as they were set', async () => {
  const IdentityPoolId = await createIdentityPool(users);
  const none = said(await identities.getIdentityPoolRoles({ IdentityPoolId }));
  assert.deepEqual(none, { IdentityPoolId, Roles: {} });
  const rule = { Claim: 'email', MatchType: 'StartsWith', Value: 'a', RoleARN: ROLE };
  const wanted = {
    IdentityPoolId,
    Roles: { authenticated: ROLE, unauthenticated: ROLE },
    RoleMappings: {
      'accounts.google.com': { Type: 'Token', AmbiguousRoleResolution: 'Deny' },
      [`${providerOf(users.poolId)}:${users.clientId}`]: {
        Type: 'Rules',
        AmbiguousRoleResolution: 'AuthenticatedRole',
        RulesConfiguration: { Rules: [rule] },
      },
    },
  };
  assert.deepEqual(said(await identities.setIdentityPoolRoles(wanted)), {});
  assert.deepEqual(said(await identities.getIdentityPoolRoles({ IdentityPoolId })), wanted);
  const bad = { ...wanted, Roles: { authenticated: `arn:aws:iam::${ACCOUNT}:user/ann` } };
  await refused(identities.setIdentityPoolRoles(bad), 'InvalidParameterException');
});

test('what claims become is shown as it was set', async () => {
  const IdentityPoolId = await createIdentityPool(users);
  const named = { IdentityPoolId, IdentityProviderName: providerOf(users.poolId) };
  await refused(
    identities.getPrincipalTagAttributeMap(named),
    'ResourceNotFoundException',
    `No Principal Tags configured for Provider ${named.IdentityProviderName}`,
  );
  const own = { ...named, UseDefaults: false, PrincipalTags: { who: 'email' } };
  assert.deepEqual(said(await identities.setPrincipalTagAttributeMap(own)), own);
  assert.deepEqual(said(await identities.getPrincipalTagAttributeMap(named)), own);
  const shown = said(await identities.setPrincipalTagAttributeMap({ ...named, UseDefaults: true }));
  assert.deepEqual(shown.PrincipalTags, { client: 'aud', username: 'sub' });
});

test('whoever has no credentials sees and changes nothing of pools', async () => {
  const stranger = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'nothing' };
  const { CognitoIdentity } = await import('@aws-sdk/client-cognito-identity');
  const { endpoint, region } = identities.config;
  const client = new CognitoIdentity({
    endpoint: await endpoint(),
    region: await region(),
    credentials: stranger,
    maxAttempts: 1,
  });
  await refused(client.listIdentityPools({ MaxResults: 1 }), 'UnrecognizedClientException');
});
