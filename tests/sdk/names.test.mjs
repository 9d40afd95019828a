// By which names does one sign in, and whose are they? Asked by SRP, through clients that know only
// what was typed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { Amplify } from 'aws-amplify';
import { getCurrentUser, signIn as amplifySignIn, signOut } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';

import {
  ENDPOINT,
  PASSWORD,
  admin,
  allRefused,
  anyone,
  attribute,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  refused,
  signIn,
  unique,
  uniqueEmail,
} from './world.mjs';

const AT_ONCE = 12;
const phoneNumber = () => `+1206${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;

/** Who signed in with amazon-cognito-identity-js by that name. */
async function byIdentityJs(UserPoolId, ClientId, Username, Password = PASSWORD) {
  const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: ENDPOINT });
  const user = new CognitoUser({ Username, Pool });
  const session = await new Promise((onSuccess, onFailure) => {
    user.authenticateUser(new AuthenticationDetails({ Username, Password }), { onSuccess, onFailure });
  });
  return session.getAccessToken().decodePayload().username;
}

/** Who signed in with Amplify by that name. */
async function byAmplify(userPoolId, userPoolClientId, username, password = PASSWORD) {
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: ENDPOINT } },
  });
  const storage = new Map();
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void storage.set(key, value),
    getItem: async (key) => storage.get(key) ?? null,
    removeItem: async (key) => void storage.delete(key),
    clear: async () => storage.clear(),
  });
  const { isSignedIn } = await amplifySignIn({ username, password });
  assert.ok(isSignedIn);
  const user = await getCurrentUser();
  await signOut();
  return user.username;
}

const CLIENTS = [byIdentityJs, byAmplify];

test('every alias signs in where it is proved, and not before', async () => {
  const poolId = await createPool({
    AliasAttributes: ['email', 'phone_number', 'preferred_username'],
    AutoVerifiedAttributes: ['email', 'phone_number'],
  });
  const { ClientId } = await createClient(poolId);
  const [email, phone, nick] = [uniqueEmail(), phoneNumber(), unique('nick')];
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'phone_number', Value: phone },
    { Name: 'phone_number_verified', Value: 'true' },
    { Name: 'preferred_username', Value: nick },
  ];
  const { username, sub } = await createUser(poolId, { UserAttributes });
  for (const by of CLIENTS) {
    for (const name of [phone, nick]) assert.equal(await by(poolId, ClientId, name), username);
    await assert.rejects(by(poolId, ClientId, email), { name: 'UserNotFoundException' });
  }
  assert.equal((await admin.adminGetUser({ UserPoolId: poolId, Username: sub })).Username, username);
  const { AccessToken } = await signIn(poolId, ClientId, username);
  await anyone.getUserAttributeVerificationCode({ AccessToken, AttributeName: 'email' });
  const Code = await codeSentTo(email);
  await anyone.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code });
  for (const by of CLIENTS) assert.equal(await by(poolId, ClientId, email), username);
});

test('an address or a number that is the user name signs in, in any case where case is nothing', async () => {
  const poolId = await createPool({
    UsernameAttributes: ['email', 'phone_number'],
    AutoVerifiedAttributes: ['email', 'phone_number'],
    UsernameConfiguration: { CaseSensitive: false },
  });
  const { ClientId } = await createClient(poolId);
  const [email, phone] = [uniqueEmail(), phoneNumber()];
  for (const name of [email, phone]) {
    const { UserSub } = await anyone.signUp({ ClientId, Username: name, Password: PASSWORD });
    const ConfirmationCode = await codeSentTo(name);
    await anyone.confirmSignUp({ ClientId, Username: name, ConfirmationCode });
    for (const by of CLIENTS) {
      assert.equal(await by(poolId, ClientId, name), UserSub);
      assert.equal(await by(poolId, ClientId, name.toUpperCase()), UserSub);
    }
    const twice = { ClientId, Username: name.toUpperCase(), Password: PASSWORD };
    await refused(anyone.signUp(twice), 'UsernameExistsException');
  }
  const neither = anyone.signUp({ ClientId, Username: unique(), Password: PASSWORD });
  await refused(neither, 'InvalidParameterException');
});

test('an administrator moves an address to somebody else if told to', async () => {
  const poolId = await createPool({ AliasAttributes: ['email'] });
  const { ClientId } = await createClient(poolId);
  const { username: first, email } = await createUser(poolId);
  const second = unique('second');
  const create = (more) =>
    createUser(poolId, { username: second, email, ...more });
  await refused(create(), 'UsernameExistsException');
  await create({ ForceAliasCreation: true });
  for (const by of CLIENTS) {
    assert.equal(await by(poolId, ClientId, email), second);
    assert.equal(await by(poolId, ClientId, first), first);
  }
  const { UserAttributes } = await admin.adminGetUser({ UserPoolId: poolId, Username: first });
  assert.equal(attribute(UserAttributes, 'email'), email);
  assert.equal(attribute(UserAttributes, 'email_verified'), 'false');
});

test('of many who confirm the same address at once one has it in the end', async () => {
  const poolId = await createPool({ AliasAttributes: ['email'] });
  const { ClientId } = await createClient(poolId);
  for (const ForceAliasCreation of [false, true]) {
    const email = uniqueEmail();
    const names = Array.from({ length: AT_ONCE }, () => unique());
    const codes = [];
    for (const Username of names) {
      const UserAttributes = [{ Name: 'email', Value: email }];
      await anyone.signUp({ ClientId, Username, Password: PASSWORD, UserAttributes });
      codes.push(await codeSentTo(email));
    }
    const confirm = (Username, n) =>
      anyone.confirmSignUp({ ClientId, Username, ConfirmationCode: codes[n], ForceAliasCreation });
    const settled = await Promise.allSettled(names.map(confirm));
    const isTaken = names.filter((_, n) => settled[n].status === 'fulfilled');
    for (const { reason } of settled.filter((one) => one.status === 'rejected')) {
      assert.equal(reason.name, 'AliasExistsException', reason.message);
    }
    if (ForceAliasCreation) {
      // In a split pool one may be told so who comes while another one takes it: later it is taken.
      for (const [n, name] of names.entries()) if (!isTaken.includes(name)) await confirm(name, n);
    } else {
      assert.equal(isTaken.length, 1);
    }
    const users = await Promise.all(
      names.map((Username) => admin.adminGetUser({ UserPoolId: poolId, Username })),
    );
    const verified = users.filter((user) => attribute(user.UserAttributes, 'email_verified') === 'true');
    assert.equal(verified.length, 1, 'one has proved it in the end');
    const owner = await admin.adminGetUser({ UserPoolId: poolId, Username: email });
    assert.equal(owner.Username, verified[0].Username);
    assert.equal(await byIdentityJs(poolId, ClientId, email), owner.Username);
    await allRefused(
      ForceAliasCreation
        ? []
        : names.filter((name) => name !== owner.Username).map((name) => signIn(poolId, ClientId, name)),
      'UserNotConfirmedException',
    );
  }
});
