// Do users change, prove and lose their attributes as in Cognito, through each of its clients?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
} from 'amazon-cognito-identity-js';
import { Amplify } from 'aws-amplify';
import {
  confirmUserAttribute,
  deleteUser,
  deleteUserAttributes,
  fetchUserAttributes,
  sendUserAttributeVerificationCode,
  signIn as amplifySignIn,
  updateUserAttribute,
  updateUserAttributes,
} from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';

import {
  ENDPOINT,
  PASSWORD,
  admin,
  anotherCode,
  anyone,
  attribute,
  claims,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  lastSentTo,
  refused,
  sentTo,
  signIn,
  unique,
  uniqueEmail,
} from './world.mjs';

const MISMATCH = ['CodeMismatchException', 'Invalid verification code provided, please try again.'];

let UserPoolId;
let ClientId;

before(async () => {
  UserPoolId = await createPool({ AliasAttributes: ['email'] });
  ({ ClientId } = await createClient(UserPoolId));
});

/** A user who is signed in: name, address, and access token. */
async function signedIn(poolId = UserPoolId, clientId = ClientId) {
  const user = await createUser(poolId);
  const { AccessToken } = await signIn(poolId, clientId, user.username);
  return { ...user, AccessToken };
}

const email = (Value) => [{ Name: 'email', Value }];

test('a changed address is proved by the code that goes there', async () => {
  const { username, email: old, AccessToken } = await signedIn();
  const next = uniqueEmail();
  const { CodeDeliveryDetailsList } = await anyone.updateUserAttributes({
    AccessToken,
    UserAttributes: [...email(next), { Name: 'name', Value: 'Ann' }],
  });
  assert.deepEqual(CodeDeliveryDetailsList, [
    { Destination: 'm***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' },
  ]);
  const { UserAttributes } = await anyone.getUser({ AccessToken });
  assert.equal(attribute(UserAttributes, 'email'), next);
  assert.equal(attribute(UserAttributes, 'email_verified'), 'false');
  assert.equal(attribute(UserAttributes, 'name'), 'Ann');
  for (const Username of [old, next]) {
    await refused(admin.adminGetUser({ UserPoolId, Username }), 'UserNotFoundException');
  }

  const message = await lastSentTo(next);
  assert.equal(message.reason, 'UpdateUserAttribute');
  const verify = { AccessToken, AttributeName: 'email' };
  await refused(anyone.verifyUserAttribute({ ...verify, Code: anotherCode(message.code) }), ...MISMATCH);
  await anyone.verifyUserAttribute({ ...verify, Code: message.code });
  const found = await admin.adminGetUser({ UserPoolId, Username: next });
  assert.equal(found.Username, username);
  const tokens = await signIn(UserPoolId, ClientId, next);
  assert.equal(claims(tokens.IdToken).email_verified, true);
});

test('where the pool asks for it the old address stays until the new one is proved', async () => {
  const poolId = await createPool({
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  });
  const client = await createClient(poolId);
  const { email: old, AccessToken } = await signedIn(poolId, client.ClientId);
  const next = uniqueEmail();
  await anyone.updateUserAttributes({ AccessToken, UserAttributes: email(next) });
  const shown = async () => attribute((await anyone.getUser({ AccessToken })).UserAttributes, 'email');
  assert.equal(await shown(), old);
  await anyone.getUserAttributeVerificationCode({ AccessToken, AttributeName: 'email' });
  const messages = await sentTo(next);
  assert.deepEqual(messages.map((message) => message.reason), ['UpdateUserAttribute', 'VerifyUserAttribute']);
  const verify = { AccessToken, AttributeName: 'email' };
  await refused(anyone.verifyUserAttribute({ ...verify, Code: messages[0].code }), ...MISMATCH);
  await anyone.verifyUserAttribute({ ...verify, Code: messages[1].code });
  assert.equal(await shown(), next);
});

test('an administrator vouches for an address, and takes it away', async () => {
  const { username } = await createUser(UserPoolId);
  const next = uniqueEmail();
  const named = { UserPoolId, Username: username };
  await admin.adminUpdateUserAttributes({
    ...named,
    UserAttributes: [...email(next), { Name: 'email_verified', Value: 'true' }],
  });
  assert.equal((await sentTo(next)).length, 0);
  assert.equal((await admin.adminGetUser({ UserPoolId, Username: next })).Username, username);
  await admin.adminDeleteUserAttributes({ ...named, UserAttributeNames: ['email'] });
  const { UserAttributes } = await admin.adminGetUser(named);
  assert.deepEqual(UserAttributes.map((one) => one.Name), ['sub']);
  await refused(admin.adminGetUser({ UserPoolId, Username: next }), 'UserNotFoundException');
});

test('a disabled user is shut out until enabled', async () => {
  const { username, AccessToken } = await signedIn();
  const named = { UserPoolId, Username: username };
  await admin.adminDisableUser(named);
  const disabled = ['NotAuthorizedException', 'User is disabled.'];
  await refused(anyone.getUser({ AccessToken }), ...disabled);
  await refused(signIn(UserPoolId, ClientId, username), ...disabled);
  await admin.adminEnableUser(named);
  await refused(anyone.getUser({ AccessToken }), 'NotAuthorizedException', 'Access Token has been revoked');
  const tokens = await signIn(UserPoolId, ClientId, username);
  await anyone.getUser({ AccessToken: tokens.AccessToken });
});

test('attributes are added to the schema and written from then on', async () => {
  const poolId = await createPool();
  const client = await createClient(poolId);
  await admin.addCustomAttributes({
    UserPoolId: poolId,
    CustomAttributes: [{ Name: 'plan', AttributeDataType: 'String', Mutable: true }],
  });
  const { username, AccessToken } = await signedIn(poolId, client.ClientId);
  const UserAttributes = [{ Name: 'custom:plan', Value: 'gold' }];
  assert.equal((await anyone.updateUserAttributes({ AccessToken, UserAttributes })).$metadata.httpStatusCode, 200);
  const tokens = await signIn(poolId, client.ClientId, username);
  assert.equal(claims(tokens.IdToken)['custom:plan'], 'gold');
});

test('options of a second factor are kept as they were told in the older manner', async () => {
  const { AccessToken } = await signedIn();
  const UserAttributes = [{ Name: 'phone_number', Value: '+12065550100' }];
  await anyone.updateUserAttributes({ AccessToken, UserAttributes });
  const MFAOptions = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }];
  await anyone.setUserSettings({ AccessToken, MFAOptions });
  assert.deepEqual((await anyone.getUser({ AccessToken })).MFAOptions, MFAOptions);
});

test('a user who leaves is gone', async () => {
  const { username, AccessToken } = await signedIn();
  await anyone.deleteUser({ AccessToken });
  await refused(admin.adminGetUser({ UserPoolId, Username: username }), 'UserNotFoundException');
  await refused(anyone.deleteUser({ AccessToken }), 'UserNotFoundException');
});

/** The result of a function that takes a Node callback last. */
function called(run) {
  return new Promise((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** The result of a function that takes an object of callbacks. */
function verified(run) {
  return new Promise((resolve, reject) => {
    run({ onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve });
  });
}

test('amazon-cognito-identity-js changes, proves and takes away attributes, and leaves', async () => {
  const { username } = await createUser(UserPoolId);
  const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: ENDPOINT });
  const user = new CognitoUser({ Username: username, Pool: pool });
  const details = new AuthenticationDetails({ Username: username, Password: PASSWORD });
  await new Promise((onSuccess, onFailure) => {
    user.authenticateUser(details, { onSuccess, onFailure });
  });
  const next = uniqueEmail();
  const changes = [
    new CognitoUserAttribute({ Name: 'email', Value: next }),
    new CognitoUserAttribute({ Name: 'nickname', Value: 'Annie' }),
  ];
  assert.equal(await called((done) => user.updateAttributes(changes, done)), 'SUCCESS');
  await verified((callbacks) => user.getAttributeVerificationCode('email', callbacks));
  const code = await codeSentTo(next);
  await assert.rejects(
    verified((callbacks) => user.verifyAttribute('email', anotherCode(code), callbacks)),
    { name: MISMATCH[0], message: MISMATCH[1] },
  );
  await verified((callbacks) => user.verifyAttribute('email', code, callbacks));
  assert.equal(await called((done) => user.deleteAttributes(['nickname'], done)), 'SUCCESS');
  const shown = await called((done) => user.getUserAttributes(done));
  const value = (name) => shown.find((one) => one.getName() === name)?.getValue();
  assert.deepEqual([value('email'), value('email_verified'), value('nickname')], [next, 'true', undefined]);
  assert.equal(await called((done) => user.deleteUser(done)), 'SUCCESS');
  await refused(admin.adminGetUser({ UserPoolId, Username: username }), 'UserNotFoundException');
});

test('aws-amplify changes, proves and takes away attributes, and leaves', async () => {
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint: ENDPOINT },
    },
  });
  const storage = new Map();
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void storage.set(key, value),
    getItem: async (key) => storage.get(key) ?? null,
    removeItem: async (key) => void storage.delete(key),
    clear: async () => storage.clear(),
  });
  const { username } = await createUser(UserPoolId);
  await amplifySignIn({ username, password: PASSWORD });
  const next = uniqueEmail();
  const updated = await updateUserAttributes({ userAttributes: { email: next, nickname: unique() } });
  assert.equal(updated.nickname.isUpdated, true);
  assert.equal(updated.email.isUpdated, false);
  assert.equal(updated.email.nextStep.updateAttributeStep, 'CONFIRM_ATTRIBUTE_WITH_CODE');
  assert.equal(updated.email.nextStep.codeDeliveryDetails.destination, 'm***@e***');
  const sent = await sendUserAttributeVerificationCode({ userAttributeKey: 'email' });
  assert.equal(sent.attributeName, 'email');
  const confirmationCode = await codeSentTo(next);
  await confirmUserAttribute({ userAttributeKey: 'email', confirmationCode });
  const named = await updateUserAttribute({ userAttribute: { attributeKey: 'name', value: 'Ann' } });
  assert.equal(named.nextStep.updateAttributeStep, 'DONE');
  await deleteUserAttributes({ userAttributeKeys: ['nickname'] });
  const { sub, ...rest } = await fetchUserAttributes();
  assert.match(sub, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, { email: next, email_verified: 'true', name: 'Ann' });
  await deleteUser();
  await refused(admin.adminGetUser({ UserPoolId, Username: username }), 'UserNotFoundException');
});
