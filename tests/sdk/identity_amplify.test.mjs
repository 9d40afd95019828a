// Does aws-amplify get credentials of identity pools, unmodified but for its endpoints?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';

import { callerOf, createIdentityPool, createRole, identities, trust } from './identity.mjs';
import {
  ENDPOINT,
  PASSWORD,
  REGION,
  admin,
  createClient,
  createPool,
  createUser,
  refused,
} from './world.mjs';

let poolId;
let identityPoolId;
let username;
let roles;

const nameOf = (arn) => arn.split('/')[1];

before(async () => {
  poolId = await createPool();
  const { ClientId: clientId } = await createClient(poolId);
  identityPoolId = await createIdentityPool({ poolId, clientId });
  roles = {
    authenticated: await createRole(trust(identityPoolId), ['cognito-idp:ListUsers']),
    unauthenticated: await createRole(trust(identityPoolId, 'unauthenticated')),
  };
  await identities.setIdentityPoolRoles({ IdentityPoolId: identityPoolId, Roles: roles });
  ({ username } = await createUser(poolId));
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: poolId,
        userPoolClientId: clientId,
        userPoolEndpoint: ENDPOINT,
        identityPoolId,
        identityPoolEndpoint: ENDPOINT,
        allowGuestAccess: true,
      },
    },
  });
  const held = new Map();
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void held.set(key, value),
    getItem: async (key) => held.get(key) ?? null,
    removeItem: async (key) => void held.delete(key),
    clear: async () => held.clear(),
  });
});

test('a guest gets credentials, then a member others, of the same identity', async () => {
  const guest = await fetchAuthSession();
  assert.equal(guest.tokens, undefined);
  assert.ok(guest.identityId.startsWith(`${REGION}:`));
  assert.equal(nameOf((await callerOf(guest.credentials)).Arn), nameOf(roles.unauthenticated));

  const { isSignedIn } = await signIn({ username, password: PASSWORD });
  assert.ok(isSignedIn);
  const member = await fetchAuthSession();
  assert.equal(member.identityId, guest.identityId);
  assert.ok(member.credentials.expiration > new Date());
  assert.equal(nameOf((await callerOf(member.credentials)).Arn), nameOf(roles.authenticated));
  const { Logins } = await identities.describeIdentity({ IdentityId: member.identityId });
  assert.deepEqual(Logins, [`cognito-idp.${REGION}.amazonaws.com/${poolId}`]);

  const client = new CognitoIdentityProvider({
    endpoint: ENDPOINT,
    region: REGION,
    credentials: member.credentials,
    maxAttempts: 1,
  });
  const { Users } = await client.listUsers({ UserPoolId: poolId });
  assert.deepEqual(Users.map(({ Username }) => Username), [username]);
  await refused(client.describeUserPool({ UserPoolId: poolId }), 'AccessDeniedException');

  const again = await fetchAuthSession({ forceRefresh: true });
  assert.equal(again.identityId, member.identityId);
  assert.notEqual(again.credentials.accessKeyId, member.credentials.accessKeyId);
});

test('who signed out is a guest again, and somebody else', async () => {
  const member = await fetchAuthSession();
  await signOut();
  const guest = await fetchAuthSession();
  assert.notEqual(guest.identityId, member.identityId);
  assert.equal(nameOf((await callerOf(guest.credentials)).Arn), nameOf(roles.unauthenticated));
  await admin.adminDeleteUser({ UserPoolId: poolId, Username: username });
});
