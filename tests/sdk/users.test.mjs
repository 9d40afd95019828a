// Do users come to be, get confirmed and go as in Cognito?

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import {
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

let UserPoolId;
let ClientId;

before(async () => {
  UserPoolId = await createPool();
  ({ ClientId } = await createClient(UserPoolId));
});

function signUp({ Username = unique(), email = uniqueEmail(), Password = PASSWORD, ...rest } = {}) {
  const UserAttributes = [{ Name: 'email', Value: email }];
  return anyone.signUp({ ClientId, Username, Password, UserAttributes, ...rest });
}

function passwordSignIn(USERNAME, password = PASSWORD, clientId = ClientId) {
  return anyone.initiateAuth({
    ClientId: clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD: password },
  });
}

test('a password that breaks the policy is refused, and nobody is signed up', async () => {
  const start = 'Password did not conform with policy: Password';
  for (const [Password, fault] of [
    ['Sh0rt-!', 'not long enough'],
    ['lower-case-7', 'must have uppercase characters'],
    ['UPPER-CASE-7', 'must have lowercase characters'],
    ['Without-Digit', 'must have numeric characters'],
    ['Without0Symbol', 'must have symbol characters'],
  ]) {
    const Username = unique();
    const refusal = ['InvalidPasswordException', `${start} ${fault}`];
    await refused(signUp({ Username, Password }), ...refusal);
    await refused(admin.adminGetUser({ UserPoolId, Username }), 'UserNotFoundException');
    await admin.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
    const set = { UserPoolId, Username, Password, Permanent: true };
    await refused(admin.adminSetUserPassword(set), ...refusal);
  }
});

test('a user name is taken once', async () => {
  const Username = unique();
  await signUp({ Username });
  await refused(signUp({ Username }), 'UsernameExistsException', 'User already exists');
  await refused(
    admin.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
    'UsernameExistsException',
    /^User account already exists/,
  );
});

test('attributes keep to the schema', async () => {
  const poolId = await createPool({
    Schema: [
      { Name: 'email', AttributeDataType: 'String', Required: true, Mutable: true },
      {
        Name: 'plan',
        AttributeDataType: 'String',
        Mutable: true,
        StringAttributeConstraints: { MinLength: '2', MaxLength: '5' },
      },
      {
        Name: 'seats',
        AttributeDataType: 'Number',
        Mutable: true,
        NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
      },
    ],
  });
  const client = await createClient(poolId);
  const attempt = (UserAttributes) =>
    anyone.signUp({
      ClientId: client.ClientId,
      Username: unique(),
      Password: PASSWORD,
      UserAttributes,
    });
  const start = 'Attributes did not conform to the schema: ';
  await refused(
    attempt([]),
    'InvalidParameterException',
    `${start}email: The attribute is required`,
  );
  const email = { Name: 'email', Value: uniqueEmail() };
  await refused(
    attempt([email, { Name: 'custom:x', Value: 'y' }]),
    'InvalidParameterException',
    `${start}custom:x: Attribute does not exist in the schema.`,
  );
  for (const wrong of [
    { Name: 'custom:plan', Value: 'x' },
    { Name: 'custom:plan', Value: 'longer' },
    { Name: 'custom:seats', Value: '10' },
    { Name: 'custom:seats', Value: 'many' },
    { Name: 'birthdate', Value: 'yesterday or so' },
    { Name: 'phone_number', Value: '555-0100' },
  ]) {
    await refused(attempt([email, wrong]), 'InvalidParameterException');
  }
  const right = [
    { Name: 'custom:plan', Value: 'basic' },
    { Name: 'custom:seats', Value: '9' },
  ];
  assert.ok((await attempt([email, ...right])).UserSub);
});

test('codes are compared, replaced by newer ones, and used once', async () => {
  const Username = unique();
  const email = uniqueEmail();
  await signUp({ Username, email });
  const first = await codeSentTo(email);
  await anyone.resendConfirmationCode({ ClientId, Username });
  const second = await codeSentTo(email);
  assert.equal((await sentTo(email)).length, 2);
  const confirm = (ConfirmationCode) =>
    anyone.confirmSignUp({ ClientId, Username, ConfirmationCode });
  const mismatch = [
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  ];
  await refused(confirm(anotherCode(second)), ...mismatch);
  if (first !== second) await refused(confirm(first), ...mismatch);
  await confirm(second);
  const again = [
    'NotAuthorizedException',
    'User cannot be confirmed. Current status is CONFIRMED',
  ];
  await refused(confirm(second), ...again);
  await refused(admin.adminConfirmSignUp({ UserPoolId, Username }), ...again);
  await refused(anyone.resendConfirmationCode({ ClientId, Username }), 'InvalidParameterException');
});

test('codes can neither be guessed for long nor asked for without end', async () => {
  const Username = unique();
  const email = uniqueEmail();
  await signUp({ Username, email });
  const code = await codeSentTo(email);
  const confirm = (ConfirmationCode) =>
    anyone.confirmSignUp({ ClientId, Username, ConfirmationCode });
  for (let n = 0; n < 15; n += 1) {
    await assert.rejects(confirm(anotherCode(code)), { name: /^(CodeMismatch|LimitExceeded|TooMany)/ });
  }
  const limit = [
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  ];
  await refused(confirm(anotherCode(code)), ...limit);
  await refused(confirm(code), ...limit);
  const other = unique();
  await signUp({ Username: other });
  const resend = () => anyone.resendConfirmationCode({ ClientId, Username: other });
  for (let n = 0; n < 5; n += 1) await resend();
  await refused(resend(), ...limit);
});

test('without a code that was sent, every code has expired', async () => {
  const poolId = await createPool({ AutoVerifiedAttributes: [] });
  const client = await createClient(poolId);
  const Username = unique();
  const email = uniqueEmail();
  const answer = await anyone.signUp({
    ClientId: client.ClientId,
    Username,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: email }],
  });
  assert.equal(answer.CodeDeliveryDetails, undefined);
  assert.deepEqual(await sentTo(email), []);
  await refused(
    anyone.confirmSignUp({ ClientId: client.ClientId, Username, ConfirmationCode: '123456' }),
    'ExpiredCodeException',
    'Invalid code provided, please request a code again.',
  );
  await admin.adminConfirmSignUp({ UserPoolId: poolId, Username });
  const { AuthenticationResult } = await passwordSignIn(Username, PASSWORD, client.ClientId);
  assert.notEqual(claims(AuthenticationResult.IdToken).email_verified, true);
});

test('a code goes to the phone where both ways are open', async () => {
  const poolId = await createPool({
    AutoVerifiedAttributes: ['email', 'phone_number'],
    SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'x' },
  });
  const client = await createClient(poolId);
  const Username = unique();
  const phone = `+1206${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
  const { CodeDeliveryDetails } = await anyone.signUp({
    ClientId: client.ClientId,
    Username,
    Password: PASSWORD,
    UserAttributes: [
      { Name: 'email', Value: uniqueEmail() },
      { Name: 'phone_number', Value: phone },
    ],
  });
  assert.equal(CodeDeliveryDetails.DeliveryMedium, 'SMS');
  assert.equal(CodeDeliveryDetails.AttributeName, 'phone_number');
  assert.equal(CodeDeliveryDetails.Destination, `+*******${phone.slice(-4)}`);
  const message = await lastSentTo(phone);
  assert.equal(message.medium, 'SMS');
  const ConfirmationCode = message.code;
  await anyone.confirmSignUp({ ClientId: client.ClientId, Username, ConfirmationCode });
  const { UserAttributes } = await admin.adminGetUser({ UserPoolId: poolId, Username });
  assert.equal(attribute(UserAttributes, 'phone_number_verified'), 'true');
  assert.notEqual(attribute(UserAttributes, 'email_verified'), 'true');
});

test('the last to verify an address owns the alias, if asked to take it', async () => {
  const poolId = await createPool({ AliasAttributes: ['email'] });
  const client = await createClient(poolId);
  const email = uniqueEmail();
  const [first, second] = [unique('first'), unique('second')];
  const register = async (Username) => {
    await anyone.signUp({
      ClientId: client.ClientId,
      Username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: email }],
    });
    return codeSentTo(email);
  };
  const confirm = (Username, ConfirmationCode, ForceAliasCreation) =>
    anyone.confirmSignUp({
      ClientId: client.ClientId,
      Username,
      ConfirmationCode,
      ForceAliasCreation,
    });
  await confirm(first, await register(first));
  const { AuthenticationResult } = await passwordSignIn(email, PASSWORD, client.ClientId);
  assert.equal(claims(AuthenticationResult.IdToken)['cognito:username'], first);
  const code = await register(second);
  await refused(
    confirm(second, code),
    'AliasExistsException',
    'An account with the given email already exists.',
  );
  await confirm(second, code, true);
  const { AuthenticationResult: taken } = await passwordSignIn(email, PASSWORD, client.ClientId);
  assert.equal(claims(taken.IdToken)['cognito:username'], second);
  const { UserAttributes } = await admin.adminGetUser({ UserPoolId: poolId, Username: first });
  assert.equal(attribute(UserAttributes, 'email_verified'), 'false');
  await refused(
    anyone.signUp({ ClientId: client.ClientId, Username: uniqueEmail(), Password: PASSWORD }),
    'InvalidParameterException',
  );
});

test('an address can be the user name, in any case', async () => {
  const poolId = await createPool({
    UsernameAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
  });
  const client = await createClient(poolId);
  const email = uniqueEmail();
  const request = { ClientId: client.ClientId, Username: email, Password: PASSWORD };
  const { UserSub } = await anyone.signUp(request);
  await refused(anyone.signUp(request), 'UsernameExistsException', 'User already exists');
  const upper = email.toUpperCase();
  await refused(anyone.signUp({ ...request, Username: upper }), 'UsernameExistsException');
  await refused(anyone.signUp({ ...request, Username: unique() }), 'InvalidParameterException');
  const ConfirmationCode = await codeSentTo(email);
  await anyone.confirmSignUp({ ClientId: client.ClientId, Username: email, ConfirmationCode });
  const { AuthenticationResult } = await passwordSignIn(upper, PASSWORD, client.ClientId);
  const idClaims = claims(AuthenticationResult.IdToken);
  assert.equal(idClaims['cognito:username'], UserSub);
  assert.equal(idClaims.sub, UserSub);
  assert.equal(idClaims.email, email);
});

test('an administrator invites, and what the invited person does not have is not invented', async () => {
  const Username = unique();
  const email = uniqueEmail();
  const { User } = await admin.adminCreateUser({
    UserPoolId,
    Username,
    DesiredDeliveryMediums: ['EMAIL'],
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
  });
  assert.equal(User.Username, Username);
  assert.equal(User.Enabled, true);
  assert.equal(User.UserStatus, 'FORCE_CHANGE_PASSWORD');
  assert.ok(User.UserCreateDate && User.UserLastModifiedDate);
  const invitation = await lastSentTo(email);
  const again = { UserPoolId, Username, MessageAction: 'RESEND', DesiredDeliveryMediums: ['EMAIL'] };
  await admin.adminCreateUser(again);
  const second = await lastSentTo(email);
  assert.notEqual(second.code, invitation.code);
  await refused(passwordSignIn(Username, invitation.code), 'NotAuthorizedException');
  const challenge = await passwordSignIn(Username, second.code);
  assert.equal(challenge.ChallengeName, 'NEW_PASSWORD_REQUIRED');
  const weak = {
    ClientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: challenge.Session,
    ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: 'weak' },
  };
  await refused(anyone.respondToAuthChallenge(weak), 'InvalidPasswordException');
  await refused(
    admin.adminCreateUser({ ...again, Username: unique('nobody') }),
    'UserNotFoundException',
  );
});

test('an administrator answers the challenge of a new password', async () => {
  const Username = unique();
  const TemporaryPassword = 'Temporary-7';
  await admin.adminCreateUser({
    UserPoolId,
    Username,
    TemporaryPassword,
    MessageAction: 'SUPPRESS',
  });
  const challenge = await admin.adminInitiateAuth({
    UserPoolId,
    ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: Username, PASSWORD: TemporaryPassword },
  });
  assert.equal(challenge.ChallengeName, 'NEW_PASSWORD_REQUIRED');
  const answer = {
    UserPoolId,
    ClientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: challenge.Session,
    ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: PASSWORD },
  };
  const { AuthenticationResult } = await admin.adminRespondToAuthChallenge(answer);
  assert.equal(claims(AuthenticationResult.AccessToken).username, Username);
  await refused(
    admin.adminRespondToAuthChallenge(answer),
    'NotAuthorizedException',
    'Invalid session for the user, session can only be used once.',
  );
});

test('a password set by an administrator holds, for good or for once', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const set = (Password, Permanent) =>
    admin.adminSetUserPassword({ UserPoolId, Username, Password, Permanent });
  await set('Another-Horse-8', true);
  assert.ok((await passwordSignIn(Username, 'Another-Horse-8')).AuthenticationResult);
  await refused(passwordSignIn(Username), 'NotAuthorizedException');
  await set('Temporary-9', false);
  const { UserStatus } = await admin.adminGetUser({ UserPoolId, Username });
  assert.equal(UserStatus, 'FORCE_CHANGE_PASSWORD');
  const { ChallengeName } = await passwordSignIn(Username, 'Temporary-9');
  assert.equal(ChallengeName, 'NEW_PASSWORD_REQUIRED');
});

test('a user is read by an administrator, by name and by sub', async () => {
  const { username, email, sub } = await createUser(UserPoolId);
  for (const Username of [username, sub]) {
    const user = await admin.adminGetUser({ UserPoolId, Username });
    assert.equal(user.Username, username);
    assert.equal(user.Enabled, true);
    assert.equal(user.UserStatus, 'CONFIRMED');
    assert.equal(attribute(user.UserAttributes, 'email'), email);
    assert.equal(attribute(user.UserAttributes, 'sub'), sub);
    assert.ok(user.UserCreateDate instanceof Date);
  }
});

test('a deleted user is gone, with the tokens', async () => {
  const { username: Username } = await createUser(UserPoolId);
  const { AccessToken, RefreshToken } = await signIn(UserPoolId, ClientId, Username);
  await admin.adminDeleteUser({ UserPoolId, Username });
  const gone = ['UserNotFoundException', 'User does not exist.'];
  await refused(admin.adminGetUser({ UserPoolId, Username }), ...gone);
  await refused(admin.adminDeleteUser({ UserPoolId, Username }), ...gone);
  await refused(passwordSignIn(Username), ...gone);
  await assert.rejects(anyone.getUser({ AccessToken }), { $fault: 'client' });
  await refused(
    anyone.getTokensFromRefreshToken({ ClientId, RefreshToken }),
    'NotAuthorizedException',
  );
  await createUser(UserPoolId, { username: Username });
  await refused(
    anyone.getTokensFromRefreshToken({ ClientId, RefreshToken }),
    'NotAuthorizedException',
  );
});

test('an unknown user is told of or hidden, as the client says', async () => {
  const Username = unique('nobody');
  const legacy = await createClient(UserPoolId, { PreventUserExistenceErrors: 'LEGACY' });
  await refused(
    passwordSignIn(Username, PASSWORD, legacy.ClientId),
    'UserNotFoundException',
    'User does not exist.',
  );
  const hiding = await createClient(UserPoolId, { PreventUserExistenceErrors: 'ENABLED' });
  await refused(
    passwordSignIn(Username, PASSWORD, hiding.ClientId),
    'NotAuthorizedException',
    'Incorrect username or password.',
  );
  const initiate = () =>
    anyone.initiateAuth({
      ClientId: hiding.ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: Username, SRP_A: 'abcdef' },
    });
  const [one, other] = [await initiate(), await initiate()];
  assert.equal(one.ChallengeName, 'PASSWORD_VERIFIER');
  const { SALT, USER_ID_FOR_SRP, SRP_B } = one.ChallengeParameters;
  assert.equal(other.ChallengeParameters.SALT, SALT);
  assert.equal(other.ChallengeParameters.USER_ID_FOR_SRP, USER_ID_FOR_SRP);
  assert.notEqual(other.ChallengeParameters.SRP_B, SRP_B);
  const resend = { ClientId: hiding.ClientId, Username };
  assert.ok((await anyone.resendConfirmationCode(resend)).CodeDeliveryDetails.Destination);
});

test('only an administrator signs up where the pool says so', async () => {
  const poolId = await createPool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
  const client = await createClient(poolId);
  const request = { ClientId: client.ClientId, Username: unique(), Password: PASSWORD };
  await refused(anyone.signUp(request), 'NotAuthorizedException');
});
