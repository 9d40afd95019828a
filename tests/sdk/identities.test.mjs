// Who is somebody, across providers, and who may say so?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { createRemoteJWKSet, jwtVerify } from 'jose';

import { all } from '../judges/forge.mjs';
import {
  anybody,
  createIdentityPool,
  createRole,
  identities,
  providerOf,
  trust,
} from './identity.mjs';
import {
  ENDPOINT,
  admin,
  anyone,
  claims,
  createClient,
  createPool,
  createUser,
  pages,
  refused,
  signIn,
  unique,
} from './world.mjs';

const MISMATCH =
  "Logins don't match. Please include at least one valid login for this identity or identity pool.";
const UNSUPPORTED = 'Token is not from a supported provider of this identity pool.';
const UNVERIFIED = "Invalid login token. Couldn't verify signed token.";

let users;
let IdentityPoolId;

before(async () => {
  const poolId = await createPool();
  users = { poolId, clientId: (await createClient(poolId)).ClientId };
  IdentityPoolId = await createIdentityPool(users);
  const authenticated = await createRole(trust(IdentityPoolId));
  const unauthenticated = await createRole(trust(IdentityPoolId, 'unauthenticated'));
  await identities.setIdentityPoolRoles({ IdentityPoolId, Roles: { authenticated, unauthenticated } });
});

/** A new user's tokens. */
async function tokens({ poolId, clientId } = users) {
  const { username } = await createUser(poolId);
  return { username, ...(await signIn(poolId, clientId, username)) };
}

function logins({ IdToken }, poolId = users.poolId) {
  return { [providerOf(poolId)]: IdToken };
}

async function idOf(Logins, pool = IdentityPoolId) {
  return (await anybody.getId({ IdentityPoolId: pool, Logins })).IdentityId;
}

function forbidden(id) {
  return `Access to Identity '${id}' is forbidden.`;
}

/** The token of a user of the developer's own system. */
function developer(user, more = {}) {
  const Logins = { 'login.shop': user, ...more.Logins };
  return identities.getOpenIdTokenForDeveloperIdentity({ IdentityPoolId, ...more, Logins });
}

test('a guest is somebody new each time, a user the same one', async () => {
  assert.notEqual(await idOf(), await idOf());
  const ann = await tokens();
  const first = await idOf(logins(ann));
  assert.equal(await idOf(logins(ann)), first);
  assert.notEqual(await idOf(logins(await tokens())), first);
});

test('a user is one identity by both forms of the issuer', async () => {
  const ann = await tokens();
  const { iss } = claims(ann.IdToken);
  assert.equal(iss, `${ENDPOINT}/${users.poolId}`);
  const own = iss.replace(/^\w+:\/\//, '');
  assert.equal(await idOf({ [own]: ann.IdToken }), await idOf(logins(ann)));
  const described = await identities.describeIdentity({ IdentityId: await idOf(logins(ann)) });
  assert.deepEqual(described.Logins, [providerOf(users.poolId)]);
});

test('one login is one identity, however many ask for it at once', async () => {
  const ann = await tokens();
  const ids = await Promise.all(Array.from({ length: 24 }, () => idOf(logins(ann))));
  assert.equal(new Set(ids).size, 1);
});

test('a guest becomes a user, and turns into who that is already', async () => {
  const [ann, bob] = [await tokens(), await tokens()];
  const guest = await idOf();
  const open = (IdentityId, Logins) => anybody.getOpenIdToken({ IdentityId, Logins });
  assert.equal((await open(guest, logins(ann))).IdentityId, guest);
  assert.equal(await idOf(logins(ann)), guest);
  const known = await idOf(logins(bob));
  const other = await idOf();
  assert.equal((await open(other, logins(bob))).IdentityId, known);
  await refused(open(other), 'NotAuthorizedException', forbidden(other));
  await refused(open(guest), 'NotAuthorizedException', forbidden(guest));
});

test('the token of an identity is verified by the documents of its issuer', async () => {
  const ann = await tokens();
  const IdentityId = await idOf(logins(ann));
  for (const [id, Logins, means] of [
    [IdentityId, logins(ann), ['authenticated', providerOf(users.poolId)]],
    [await idOf(), undefined, ['unauthenticated']],
  ]) {
    const { Token } = await anybody.getOpenIdToken({ IdentityId: id, Logins });
    const { iss: issuer } = claims(Token);
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
    const configuration = await answer.json();
    assert.equal(configuration.issuer, issuer);
    const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
    const options = { issuer, audience: IdentityPoolId, subject: id, algorithms: ['RS256'] };
    const { payload } = await jwtVerify(Token, keys, options);
    assert.equal(payload.exp - payload.iat, 600);
    assert.deepEqual(payload.amr.slice(0, 2), means);
  }
});

test('the basic flow is for pools that want it', async () => {
  const pool = await createIdentityPool(users, { AllowClassicFlow: false });
  const IdentityId = await idOf(undefined, pool);
  const message = 'Basic (classic) flow is not enabled, please use enhanced flow.';
  await refused(anybody.getOpenIdToken({ IdentityId }), 'InvalidParameterException', message);
});

test('a login that was taken away is somebody new', async () => {
  const ann = await tokens();
  const IdentityId = await idOf(logins(ann));
  const LoginsToRemove = [providerOf(users.poolId)];
  const unlink = (Logins) => anybody.unlinkIdentity({ IdentityId, Logins, LoginsToRemove });
  await refused(unlink(logins(await tokens())), 'NotAuthorizedException', MISMATCH);
  await unlink(logins(ann));
  const open = anybody.getOpenIdToken({ IdentityId });
  await refused(open, 'NotAuthorizedException', forbidden(IdentityId));
  assert.notEqual(await idOf(logins(ann)), IdentityId);
});

test('a login of another user pool is another one of the same identity', async () => {
  const poolId = await createPool();
  const other = { poolId, clientId: (await createClient(poolId)).ClientId };
  const pool = await createIdentityPool(users, {
    CognitoIdentityProviders: [users, other].map((one) => ({
      ProviderName: providerOf(one.poolId),
      ClientId: one.clientId,
    })),
  });
  const [ann, again] = [await tokens(), await tokens(other)];
  const both = { ...logins(ann), ...logins(again, poolId) };
  const apart = [await idOf(logins(ann), pool), await idOf(logins(again, poolId), pool)];
  const one = await idOf(both, pool);
  assert.ok(apart.includes(one));
  for (const Logins of [logins(ann), logins(again, poolId)]) assert.equal(await idOf(Logins, pool), one);
  const { Identities } = await identities.listIdentities({
    IdentityPoolId: pool,
    MaxResults: 60,
    HideDisabled: true,
  });
  assert.deepEqual(Identities.map(({ IdentityId }) => IdentityId), [one]);
  assert.equal(Identities[0].Logins.length, 2);
  // Somebody else of the same provider is nobody's second login.
  const stranger = await tokens();
  const clash = anybody.getOpenIdToken({
    IdentityId: one,
    Logins: { ...logins(again, poolId), ...logins(stranger) },
  });
  await refused(clash, 'ResourceConflictException');
});

test('identities are listed page by page, and gone when they are deleted', async () => {
  const pool = await createIdentityPool(users);
  const ann = await tokens();
  const made = [await idOf(logins(ann), pool)];
  for (let n = 0; n < 4; n += 1) made.push(await idOf(undefined, pool));
  const list = async () => {
    const input = { IdentityPoolId: pool, MaxResults: 2 };
    const found = await pages((NextToken) => identities.listIdentities({ ...input, NextToken }));
    return found.flatMap((page) => page.Identities.map(({ IdentityId }) => IdentityId)).sort();
  };
  assert.deepEqual(await list(), [...made].sort());
  const unknown = `${pool.split(':')[0]}:00000000-0000-0000-0000-000000000000`;
  const IdentityIdsToDelete = [...made.slice(0, 4), unknown];
  const { UnprocessedIdentityIds } = await identities.deleteIdentities({ IdentityIdsToDelete });
  assert.deepEqual(UnprocessedIdentityIds, []);
  assert.deepEqual(await list(), made.slice(4));
  await refused(
    identities.describeIdentity({ IdentityId: made[0] }),
    'ResourceNotFoundException',
    `Identity '${made[0]}' not found.`,
  );
  assert.notEqual(await idOf(logins(ann), pool), made[0]);
});

test("users of a developer's own system are looked up, merged and taken away", async () => {
  const [ann, bob] = [unique('ann'), unique('bob')];
  const { IdentityId, Token } = await developer(ann, { TokenDuration: 60 });
  const { iat, exp, sub } = claims(Token);
  assert.deepEqual([exp - iat, sub], [60, IdentityId]);
  const other = (await developer(bob)).IdentityId;
  assert.notEqual(other, IdentityId);
  const look = async (input) => {
    const found = await identities.lookupDeveloperIdentity({ IdentityPoolId, ...input });
    return [found.IdentityId, found.DeveloperUserIdentifierList.sort()];
  };
  assert.deepEqual(await look({ DeveloperUserIdentifier: ann }), [IdentityId, [ann]]);
  assert.deepEqual(await look({ IdentityId: other }), [other, [bob]]);
  await refused(look({ IdentityId: other, DeveloperUserIdentifier: ann }), 'ResourceConflictException');
  await refused(
    developer(bob, { IdentityId }),
    'DeveloperUserAlreadyRegisteredException',
  );
  const merged = await identities.mergeDeveloperIdentities({
    IdentityPoolId,
    DeveloperProviderName: 'login.shop',
    SourceUserIdentifier: bob,
    DestinationUserIdentifier: ann,
  });
  assert.equal(merged.IdentityId, IdentityId);
  assert.deepEqual(await look({ IdentityId }), [IdentityId, [ann, bob]]);
  assert.equal((await developer(bob)).IdentityId, IdentityId);
  await identities.unlinkDeveloperIdentity({
    IdentityPoolId,
    IdentityId,
    DeveloperProviderName: 'login.shop',
    DeveloperUserIdentifier: bob,
  });
  assert.deepEqual(await look({ IdentityId }), [IdentityId, [ann]]);
  assert.notEqual((await developer(bob)).IdentityId, IdentityId);
});

test("a developer's token opens its identity, and links what comes with it", async () => {
  const user = unique('ann');
  const ann = await tokens();
  const { IdentityId, Token } = await developer(user);
  const ours = { 'cognito-identity.amazonaws.com': Token };
  const open = (id, Logins) => anybody.getOpenIdToken({ IdentityId: id, Logins });
  assert.equal((await open(IdentityId, { ...ours, ...logins(ann) })).IdentityId, IdentityId);
  assert.equal(await idOf(logins(ann)), IdentityId);
  // The name of the developer's provider is not for callers without credentials.
  await refused(idOf({ 'login.shop': user }), 'NotAuthorizedException', UNSUPPORTED);
  const { IdentityId: other } = await developer(unique('bob'));
  await refused(open(other, ours), 'NotAuthorizedException', MISMATCH);
  // Tokens of one pool mean nothing to another.
  const elsewhere = await createIdentityPool(users);
  const guest = await idOf(undefined, elsewhere);
  await refused(open(guest, ours), 'NotAuthorizedException');
  // Nor is one good for longer than the developer said.
  const { IdentityId: brief, Token: short } = await developer(unique('carl'), { TokenDuration: 1 });
  await sleep(1_100);
  const late = open(brief, { 'cognito-identity.amazonaws.com': short });
  await refused(late, 'NotAuthorizedException', /^Invalid login token\. Token expired: \d+ >= \d+$/);
  // What guests and users get is no login.
  const { Token: basic } = await open(IdentityId, logins(ann));
  const passed = { 'cognito-identity.amazonaws.com': basic };
  await refused(open(IdentityId, passed), 'NotAuthorizedException', UNSUPPORTED);
});

test('whoever signed out or was deleted is refused where the pool looks', async () => {
  const provider = { ProviderName: providerOf(users.poolId), ClientId: users.clientId };
  const careful = await createIdentityPool(users, {
    CognitoIdentityProviders: [{ ...provider, ServerSideTokenCheck: true }],
  });
  const [ann, bob, eve] = [await tokens(), await tokens(), await tokens()];
  for (const one of [ann, bob, eve]) await idOf(logins(one), careful);
  const named = (one) => ({ UserPoolId: users.poolId, Username: one.username });
  await anyone.globalSignOut({ AccessToken: ann.AccessToken });
  await admin.adminDeleteUser(named(bob));
  await admin.adminDisableUser(named(eve));
  for (const one of [ann, bob, eve]) {
    await refused(idOf(logins(one), careful), 'NotAuthorizedException');
    assert.ok(await idOf(logins(one)));
  }
});

test('a token that is not good for this pool is refused', async () => {
  const ann = await tokens();
  const stranger = (await createClient(users.poolId)).ClientId;
  const others = await createPool();
  const theirs = { poolId: others, clientId: (await createClient(others)).ClientId };
  const foreign = await tokens(theirs);
  for (const [Logins, message] of [
    [{ [providerOf(users.poolId)]: foreign.IdToken }, UNVERIFIED],
    [logins(foreign, others), UNSUPPORTED],
    [{ [`id.example.com/${users.poolId}`]: ann.IdToken }, UNSUPPORTED],
    [{ 'accounts.google.com': ann.IdToken }, UNSUPPORTED],
    [
      { [providerOf(users.poolId)]: ann.AccessToken },
      'Invalid login token. Token was not used for id.',
    ],
    [
      logins(await signIn(users.poolId, stranger, ann.username)),
      'Invalid login token. Incorrect token audience.',
    ],
  ]) {
    await refused(idOf(Logins), 'NotAuthorizedException', message);
  }
});

test('no forged token is taken', async () => {
  const ann = await tokens();
  const answer = await fetch(`${ENDPOINT}/${users.poolId}/.well-known/jwks.json`);
  const { kid } = JSON.parse(Buffer.from(ann.IdToken.split('.')[0], 'base64url'));
  const jwk = (await answer.json()).keys.find((key) => key.kid === kid);
  const victim = await idOf(logins(ann));
  for (const [how, IdToken] of Object.entries(all(ann.IdToken, jwk))) {
    const Logins = logins({ IdToken });
    const wanted = { name: 'NotAuthorizedException', message: /^Invalid login token\./ };
    await assert.rejects(idOf(Logins), wanted, how);
    await assert.rejects(anybody.getOpenIdToken({ IdentityId: victim, Logins }), wanted, how);
  }
});

test('nobody is let in as somebody else', async () => {
  const [ann, eve] = [await tokens(), await tokens()];
  const victim = await idOf(logins(ann));
  const { IdentityId: mine } = await developer(unique('ann'));
  for (const call of ['getOpenIdToken', 'getCredentialsForIdentity']) {
    const as = (IdentityId, Logins) => anybody[call]({ IdentityId, Logins });
    for (const id of [victim, mine]) {
      await refused(as(id), 'NotAuthorizedException', forbidden(id));
      await refused(as(id, logins(eve)), 'NotAuthorizedException', MISMATCH);
    }
    assert.equal((await as(victim, logins(ann))).IdentityId, victim);
  }
  assert.equal(await idOf(logins(ann)), victim);
});
