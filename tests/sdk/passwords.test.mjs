// Are passwords forgotten, reset and changed as in Cognito?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  PASSWORD,
  admin,
  allRefused,
  anotherCode,
  anyone,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  lastSentTo,
  refused,
  secretHash,
  sentTo,
  signIn,
  unique,
} from './world.mjs';

const CHOSEN = 'Another-Horse-8';
const REUSED = ['PasswordHistoryPolicyViolationException', 'Password has previously been used'];

/** A pool with a client and a user. */
async function setting(poolSettings = {}, clientSettings = {}) {
  const poolId = await createPool(poolSettings);
  const client = await createClient(poolId, clientSettings);
  return { poolId, client, ClientId: client.ClientId, ...(await createUser(poolId)) };
}

function byPassword(ClientId, USERNAME, password, more = {}) {
  return anyone.initiateAuth({
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD: password, ...more },
  });
}

test('an administrator resets a password, and the user chooses another one', async () => {
  const { poolId, ClientId, username, email } = await setting();
  await admin.adminResetUserPassword({ UserPoolId: poolId, Username: username });
  await refused(
    byPassword(ClientId, username, PASSWORD),
    'PasswordResetRequiredException',
    'Password reset required for the user',
  );
  const { UserStatus } = await admin.adminGetUser({ UserPoolId: poolId, Username: username });
  assert.equal(UserStatus, 'RESET_REQUIRED');
  assert.equal((await lastSentTo(email)).reason, 'ForgotPassword');
  await anyone.confirmForgotPassword({
    ClientId,
    Username: username,
    ConfirmationCode: await codeSentTo(email),
    Password: CHOSEN,
  });
  await byPassword(ClientId, username, CHOSEN);
});

test('a client with a secret resets a password with its hash, and not without', async () => {
  const { client, ClientId, username, email } = await setting({}, { GenerateSecret: true });
  const asked = { ClientId, Username: username };
  const SecretHash = secretHash(client, username);
  await allRefused(
    [
      anyone.forgotPassword(asked),
      anyone.forgotPassword({ ...asked, SecretHash: secretHash(client, 'somebody') }),
      anyone.confirmForgotPassword({ ...asked, ConfirmationCode: '1', Password: CHOSEN }),
    ],
    'NotAuthorizedException',
  );
  const { CodeDeliveryDetails } = await anyone.forgotPassword({ ...asked, SecretHash });
  assert.equal(CodeDeliveryDetails.Destination, 'm***@e***');
  const code = await codeSentTo(email);
  const choice = { ...asked, SecretHash, Password: CHOSEN };
  await refused(
    anyone.confirmForgotPassword({ ...choice, ConfirmationCode: anotherCode(code) }),
    'CodeMismatchException',
  );
  await anyone.confirmForgotPassword({ ...choice, ConfirmationCode: code });
  await byPassword(ClientId, username, CHOSEN, { SECRET_HASH: SecretHash });
});

test('where users are hidden, a stranger is answered as a user is', async () => {
  const { ClientId, username } = await setting({}, { PreventUserExistenceErrors: 'ENABLED' });
  const stranger = unique();
  for (const Username of [username, stranger]) {
    const choose = () =>
      anyone.confirmForgotPassword({
        ClientId,
        Username,
        ConfirmationCode: 'not-it',
        Password: CHOSEN,
      });
    await refused(choose(), 'ExpiredCodeException');
    const { CodeDeliveryDetails } = await anyone.forgotPassword({ ClientId, Username });
    assert.match(CodeDeliveryDetails.Destination, /^[a-z]\*{3}@[a-z]\*{3}$/);
    assert.equal(CodeDeliveryDetails.DeliveryMedium, 'EMAIL');
    await refused(choose(), 'CodeMismatchException');
    await refused(byPassword(ClientId, Username, 'Wrong-Horse-7'), 'NotAuthorizedException');
  }
});

test('five codes an hour are sent, and no more', async () => {
  const { ClientId, username, email } = await setting();
  const ask = () => anyone.forgotPassword({ ClientId, Username: username });
  for (let n = 0; n < 5; n += 1) await ask();
  await refused(
    ask(),
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  );
  assert.equal((await sentTo(email)).length, 5);
});

test('former passwords do not come back', async () => {
  const PasswordPolicy = { MinimumLength: 8, PasswordHistorySize: 2 };
  const { poolId, ClientId, username, email } = await setting({ Policies: { PasswordPolicy } });
  const { AccessToken } = await signIn(poolId, ClientId, username);
  const change = (PreviousPassword, ProposedPassword) =>
    anyone.changePassword({ AccessToken, PreviousPassword, ProposedPassword });
  await refused(change(PASSWORD, PASSWORD), ...REUSED);
  await change(PASSWORD, CHOSEN);
  await refused(change(CHOSEN, PASSWORD), ...REUSED);
  const set = (Password) =>
    admin.adminSetUserPassword({
      UserPoolId: poolId,
      Username: username,
      Password,
      Permanent: true,
    });
  await refused(set(PASSWORD), ...REUSED);
  await anyone.forgotPassword({ ClientId, Username: username });
  const choose = async (Password) =>
    anyone.confirmForgotPassword({
      ClientId,
      Username: username,
      ConfirmationCode: await codeSentTo(email),
      Password,
    });
  await refused(choose(CHOSEN), ...REUSED);
  await choose('A-Third-Horse-9');
  await set(PASSWORD);
});
