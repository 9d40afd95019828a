// How does a test reach the service, and what does it start from?

import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

/** Where the service is, without a trailing slash. */
export const ENDPOINT = (process.env.COGNATE_ENDPOINT ?? 'http://127.0.0.1:8787').replace(/\/$/, '');

export const REGION = 'eu-west-1';

/** The documented credentials of local development. */
export const CREDENTIALS = {
  accessKeyId: process.env.COGNATE_ACCESS_KEY_ID ?? 'AKIACOGNATEDEVELOP01',
  secretAccessKey:
    process.env.COGNATE_SECRET_ACCESS_KEY ?? 'cognate/development/secret/access/key000',
};

/** Keeps to the default policy of passwords. */
export const PASSWORD = 'Correct-Horse-7';

/** An administrator. A call is made once, so that nothing is hidden by a retry. */
export const admin = administrator(REGION);

export function administrator(region, endpoint = ENDPOINT) {
  return new CognitoIdentityProvider({
    endpoint,
    region,
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
}

/** Somebody without credentials: an operation that asked for them would fail. */
export const anyone = new CognitoIdentityProvider({
  endpoint: ENDPOINT,
  region: REGION,
  credentials: () => Promise.reject(new Error('the operation wants to be signed')),
  maxAttempts: 1,
});

/** A name that nobody else has. */
export function unique(start = 'user') {
  return `${start}-${randomBytes(6).toString('hex')}`;
}

export function uniqueEmail() {
  return `${unique('mail')}@example.com`;
}

/** A pool that verifies e-mail addresses. Gives its id. */
export async function createPool(settings = {}, by = admin) {
  const { UserPool } = await by.createUserPool({
    PoolName: unique('pool'),
    AutoVerifiedAttributes: ['email'],
    ...settings,
  });
  return UserPool.Id;
}

/** A client that may sign in in every way that there is. Gives all that is told about it. */
export async function createClient(poolId, settings = {}, by = admin) {
  const { UserPoolClient } = await by.createUserPoolClient({
    UserPoolId: poolId,
    ClientName: unique('client'),
    ExplicitAuthFlows: [
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
    ],
    ...settings,
  });
  return UserPoolClient;
}

/** A confirmed user with `PASSWORD`. Gives name, address and sub. */
export async function createUser(poolId, settings = {}, by = admin) {
  const { username = unique(), email = uniqueEmail(), ...rest } = settings;
  const { User } = await by.adminCreateUser({
    UserPoolId: poolId,
    Username: username,
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
    ...rest,
  });
  await by.adminSetUserPassword({
    UserPoolId: poolId,
    Username: username,
    Password: PASSWORD,
    Permanent: true,
  });
  return { username: User.Username, email, sub: attribute(User.Attributes, 'sub') };
}

/** Signs in with the password through an administrator. Gives the tokens. */
export async function signIn(poolId, clientId, username, by = admin) {
  const { AuthenticationResult } = await by.adminInitiateAuth({
    UserPoolId: poolId,
    ClientId: clientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD },
  });
  return AuthenticationResult;
}

export function attribute(attributes, name) {
  return attributes.find((one) => one.Name === name)?.Value;
}

/** `SECRET_HASH` of a user name for a client with a secret. */
export function secretHash(client, username) {
  return createHmac('sha256', client.ClientSecret)
    .update(username + client.ClientId)
    .digest('base64');
}

/** All that was sent to that address, oldest first. */
export async function sentTo(destination) {
  const query = new URLSearchParams({ destination });
  const answer = await fetch(`${ENDPOINT}/_cognate/outbox.json?${query}`);
  assert.equal(answer.status, 200, 'the outbox can be read');
  return (await answer.json()).Messages;
}

/** The newest message to that address. */
export async function lastSentTo(destination) {
  const message = (await sentTo(destination)).at(-1);
  assert.ok(message, `something was sent to ${destination}`);
  return message;
}

/** The newest code that was sent to that address. */
export async function codeSentTo(destination) {
  return (await lastSentTo(destination)).code;
}

/** A code of the right form that is not that one. */
export function anotherCode(code) {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** What a JWT says, unverified. */
export function claims(jwt) {
  return JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
}

export function header(jwt) {
  return JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url'));
}

/** The call fails with that error of AWS's, as a client's fault. */
export async function refused(call, name, message) {
  await assert.rejects(call, (error) => {
    assert.equal(error.name, name, `${error.name}: ${error.message}`);
    assert.equal(error.$metadata?.httpStatusCode, 400);
    if (typeof message === 'string') assert.equal(error.message, message);
    else if (message) assert.match(error.message, message);
    return true;
  });
}

/** Each of the calls fails with that error. */
export async function allRefused(calls, name, message) {
  await Promise.all(calls.map((call) => refused(call, name, message)));
}

/** All pages of a list, page by page. */
export async function pages(fetchPage) {
  const list = [];
  let token;
  do {
    const page = await fetchPage(token);
    list.push(page);
    token = page.NextToken ?? page.PaginationToken;
    assert.ok(list.length < 1000, 'a list ends');
  } while (token);
  return list;
}

const ROLE = (name) => `arn:aws:iam::123456789012:role/${name}`;

/** Three groups, two of them with roles; the user is in all of them. */
export async function joinGroups(poolId, username) {
  const groups = [
    { GroupName: 'readers', Precedence: 20, RoleArn: ROLE('reader') },
    { GroupName: 'admins', Precedence: 1, RoleArn: ROLE('admin') },
    { GroupName: 'plain' },
  ];
  for (const group of groups) {
    await admin.createGroup({ UserPoolId: poolId, ...group });
    const GroupName = group.GroupName;
    await admin.adminAddUserToGroup({ UserPoolId: poolId, Username: username, GroupName });
  }
}

/** The tokens of a user of `joinGroups` say so. */
export function assertGroups(idClaims, accessClaims) {
  const sorted = (list) => [...list].sort();
  assert.deepEqual(sorted(idClaims['cognito:groups']), ['admins', 'plain', 'readers']);
  assert.deepEqual(sorted(idClaims['cognito:roles']), [ROLE('admin'), ROLE('reader')]);
  assert.equal(idClaims['cognito:preferred_role'], ROLE('admin'));
  assert.deepEqual(sorted(accessClaims['cognito:groups']), ['admins', 'plain', 'readers']);
}
