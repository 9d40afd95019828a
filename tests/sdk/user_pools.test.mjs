// Do user pools keep what they are told, and refuse what they must?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  PASSWORD,
  admin,
  administrator,
  allRefused,
  anyone,
  createClient,
  createPool,
  createUser,
  pages,
  refused,
  signIn,
  unique,
} from './world.mjs';

const LAMBDA = (name) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const ROLE = 'arn:aws:iam::123456789012:role/sms';

const MESSAGE = 'Your code is {####}.';

/** Every member of `CreateUserPool`, with values that are nobody's default. */
const EVERYTHING = {
  Policies: {
    PasswordPolicy: {
      MinimumLength: 11,
      RequireUppercase: false,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: false,
      PasswordHistorySize: 3,
      TemporaryPasswordValidityDays: 5,
    },
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] },
  },
  DeletionProtection: 'ACTIVE',
  LambdaConfig: {
    PreSignUp: LAMBDA('pre-sign-up'),
    CustomMessage: LAMBDA('custom-message'),
    PostConfirmation: LAMBDA('post-confirmation'),
    PreAuthentication: LAMBDA('pre-authentication'),
    PostAuthentication: LAMBDA('post-authentication'),
    DefineAuthChallenge: LAMBDA('define'),
    CreateAuthChallenge: LAMBDA('create'),
    VerifyAuthChallengeResponse: LAMBDA('verify'),
    PreTokenGeneration: LAMBDA('pre-token'),
    PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: LAMBDA('pre-token') },
    UserMigration: LAMBDA('migration'),
    CustomSMSSender: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA('sms') },
    CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA('email') },
    InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA('inbound') },
    KMSKeyID: KEY,
  },
  AutoVerifiedAttributes: ['email', 'phone_number'],
  AliasAttributes: ['email', 'preferred_username'],
  SmsVerificationMessage: MESSAGE,
  EmailVerificationMessage: MESSAGE,
  EmailVerificationSubject: 'Your code',
  VerificationMessageTemplate: {
    SmsMessage: MESSAGE,
    EmailMessage: MESSAGE,
    EmailSubject: 'Your code',
    EmailMessageByLink: 'Please {##follow this##}.',
    EmailSubjectByLink: 'Your link',
    DefaultEmailOption: 'CONFIRM_WITH_CODE',
  },
  SmsAuthenticationMessage: 'Sign in with {####}',
  MfaConfiguration: 'OPTIONAL',
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  DeviceConfiguration: {
    ChallengeRequiredOnNewDevice: true,
    DeviceOnlyRememberedOnUserPrompt: true,
  },
  EmailConfiguration: {
    SourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/example.com',
    ReplyToEmailAddress: 'reply@example.com',
    EmailSendingAccount: 'DEVELOPER',
    From: 'Example <no-reply@example.com>',
    ConfigurationSet: 'sent-by-pool',
  },
  SmsConfiguration: { SnsCallerArn: ROLE, ExternalId: 'external', SnsRegion: 'eu-west-1' },
  UserPoolTags: { team: 'identity', stage: 'test' },
  AdminCreateUserConfig: {
    AllowAdminCreateUserOnly: true,
    InviteMessageTemplate: {
      SMSMessage: 'You are {username}, {####}.',
      EmailMessage: 'You are {username}, {####}.',
      EmailSubject: 'Welcome',
    },
  },
  UserPoolAddOns: {
    AdvancedSecurityMode: 'AUDIT',
    AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'AUDIT' },
  },
  DcrConfiguration: {
    EnableStatus: 'Enabled',
    OpenDcrEnabled: true,
    AuthenticatedGrantTypes: ['code'],
    OpenDcrGrantTypes: ['code'],
    AllowedScopes: ['openid'],
  },
  UsernameConfiguration: { CaseSensitive: false },
  AccountRecoverySetting: {
    RecoveryMechanisms: [
      { Priority: 1, Name: 'verified_email' },
      { Priority: 2, Name: 'verified_phone_number' },
    ],
  },
  UserPoolTier: 'PLUS',
  KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: KEY },
  IssuerConfiguration: { Type: 'UPDATED' },
  AcrConfiguration: {
    Level1: { AcrValue: 'urn:example:bronze' },
    Level2: { AcrValue: 'urn:example:silver' },
    Level3: { AcrValue: 'urn:example:gold' },
    Level4: { AcrValue: 'urn:example:platinum' },
  },
};

/** The older name of `TemporaryPasswordValidityDays`: shown beside it, not to be set beside it. */
const SHOWN_TOO = { AdminCreateUserConfig: { UnusedAccountValidityDays: 5 } };

const SCHEMA = [
  {
    Name: 'email',
    AttributeDataType: 'String',
    Required: true,
    Mutable: true,
    StringAttributeConstraints: { MinLength: '5', MaxLength: '300' },
  },
  {
    Name: 'plan',
    AttributeDataType: 'String',
    Mutable: false,
    StringAttributeConstraints: { MinLength: '2', MaxLength: '9' },
  },
  {
    Name: 'seats',
    AttributeDataType: 'Number',
    Mutable: true,
    NumberAttributeConstraints: { MinValue: '1', MaxValue: '500' },
  },
  { Name: 'since', AttributeDataType: 'DateTime', Mutable: true },
  { Name: 'beta', AttributeDataType: 'Boolean', Mutable: true },
  { Name: 'score', AttributeDataType: 'Number', DeveloperOnlyAttribute: true },
];

/** Lists that are sets come back in any order. */
function unordered(value) {
  if (Array.isArray(value)) {
    const members = value.map(unordered);
    return members.every((one) => typeof one === 'string') ? members.sort() : members;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unordered(one)]));
}

test('a pool describes back every member that it was created with', async () => {
  const PoolName = unique('everything');
  const { UserPool: created } = await admin.createUserPool({
    PoolName,
    Schema: SCHEMA,
    ...EVERYTHING,
  });
  const { UserPool: described } = await admin.describeUserPool({ UserPoolId: created.Id });
  for (const pool of [created, described]) {
    assert.equal(pool.Name, PoolName);
    for (const [member, value] of Object.entries(EVERYTHING)) {
      const whole = SHOWN_TOO[member] ? { ...value, ...SHOWN_TOO[member] } : value;
      assert.deepEqual(unordered(pool[member]), unordered(whole), member);
    }
    const schema = (name) => pool.SchemaAttributes.find((one) => one.Name === name);
    assert.deepEqual(schema('email'), { DeveloperOnlyAttribute: false, ...SCHEMA[0] });
    for (const one of SCHEMA.slice(1)) {
      const Name = `${one.DeveloperOnlyAttribute ? 'dev:custom:' : 'custom:'}${one.Name}`;
      const found = schema(Name);
      assert.ok(found, Name);
      assert.equal(found.AttributeDataType, one.AttributeDataType);
      assert.equal(found.Required, false);
      if (one.Mutable !== undefined) assert.equal(found.Mutable, one.Mutable);
      assert.deepEqual(found.StringAttributeConstraints, one.StringAttributeConstraints);
      if (one.NumberAttributeConstraints) {
        assert.deepEqual(found.NumberAttributeConstraints, one.NumberAttributeConstraints);
      }
    }
    const standard = ['sub', 'name', 'phone_number', 'phone_number_verified', 'updated_at'];
    for (const name of standard) assert.ok(schema(name), name);
  }
  assert.equal(described.EstimatedNumberOfUsers, 0);
});

test('e-mail addresses and phone numbers can be user names', async () => {
  const UserPoolId = await createPool({ UsernameAttributes: ['email', 'phone_number'] });
  const { UserPool } = await admin.describeUserPool({ UserPoolId });
  assert.deepEqual(unordered(UserPool.UsernameAttributes), ['email', 'phone_number']);
  assert.equal(UserPool.AliasAttributes, undefined);
  const both = { AliasAttributes: ['email'], UsernameAttributes: ['email'] };
  await refused(createPool(both), 'InvalidParameterException');
});

test('a pool starts with the defaults of Cognito', async () => {
  const { UserPool } = await admin.createUserPool({ PoolName: unique('defaults') });
  assert.equal(UserPool.UserPoolTier, 'ESSENTIALS');
  assert.equal(UserPool.MfaConfiguration, 'OFF');
  assert.equal(UserPool.DeletionProtection, 'INACTIVE');
  const policy = UserPool.Policies.PasswordPolicy;
  assert.equal(policy.MinimumLength, 8);
  assert.equal(policy.TemporaryPasswordValidityDays, 7);
  assert.equal(UserPool.AutoVerifiedAttributes, undefined);
  assert.equal(UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly, false);
});

test('an update resets what it leaves out', async () => {
  const UserPoolId = await createPool({
    Policies: { PasswordPolicy: { MinimumLength: 20 } },
    EmailVerificationSubject: 'Hello',
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  });
  await admin.updateUserPool({
    UserPoolId,
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'admin_only' }] },
  });
  const { UserPool } = await admin.describeUserPool({ UserPoolId });
  assert.equal(UserPool.DeviceConfiguration.ChallengeRequiredOnNewDevice, true);
  assert.deepEqual(UserPool.AccountRecoverySetting, {
    RecoveryMechanisms: [{ Priority: 1, Name: 'admin_only' }],
  });
  assert.equal(UserPool.Policies.PasswordPolicy.MinimumLength, 8);
  assert.equal(UserPool.AutoVerifiedAttributes, undefined);
  assert.equal(UserPool.EmailVerificationSubject, undefined);
  assert.equal(UserPool.SchemaAttributes.some((one) => one.Name === 'email'), true);
  await admin.updateUserPool({ UserPoolId });
  const { UserPool: reset } = await admin.describeUserPool({ UserPoolId });
  assert.equal(reset.DeviceConfiguration, undefined);
  assert.ok(reset.LastModifiedDate >= reset.CreationDate);
});

test('a protected pool is not deleted', async () => {
  const UserPoolId = await createPool({ DeletionProtection: 'ACTIVE' });
  await refused(admin.deleteUserPool({ UserPoolId }), 'InvalidParameterException');
  await admin.updateUserPool({ UserPoolId, DeletionProtection: 'INACTIVE' });
  await admin.deleteUserPool({ UserPoolId });
  const gone = ['ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`];
  await refused(admin.describeUserPool({ UserPoolId }), ...gone);
  await refused(admin.deleteUserPool({ UserPoolId }), ...gone);
  await refused(admin.listUsers({ UserPoolId }), ...gone);
  await refused(admin.listGroups({ UserPoolId }), ...gone);
});

test('a deleted pool takes clients, users and tokens with it', async () => {
  const UserPoolId = await createPool();
  const { ClientId } = await createClient(UserPoolId);
  const { username } = await createUser(UserPoolId);
  const { AccessToken, RefreshToken } = await signIn(UserPoolId, ClientId, username);
  await anyone.getUser({ AccessToken });
  await admin.deleteUserPool({ UserPoolId });
  for (const call of [
    () => anyone.getUser({ AccessToken }),
    () => anyone.globalSignOut({ AccessToken }),
    () => anyone.getTokensFromRefreshToken({ ClientId, RefreshToken }),
    () => anyone.signUp({ ClientId, Username: username, Password: PASSWORD }),
    () =>
      anyone.initiateAuth({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD },
      }),
    () => admin.adminGetUser({ UserPoolId, Username: username }),
  ]) {
    await assert.rejects(call(), (error) => {
      assert.match(error.name, /^(NotAuthorized|ResourceNotFound)Exception$/);
      assert.equal(error.$metadata.httpStatusCode, 400);
      return true;
    });
  }
});

test('a pool that never was is not found by any operation', async () => {
  const UserPoolId = 'eu-west-1_NoSuchPool';
  const gone = ['ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`];
  const Username = 'nobody';
  const GroupName = 'none';
  const calls = [
    admin.describeUserPool({ UserPoolId }),
    admin.updateUserPool({ UserPoolId }),
    admin.createUserPoolClient({ UserPoolId, ClientName: 'client' }),
    admin.listUserPoolClients({ UserPoolId, MaxResults: 1 }),
    admin.adminCreateUser({ UserPoolId, Username }),
    admin.adminGetUser({ UserPoolId, Username }),
    admin.adminDeleteUser({ UserPoolId, Username }),
    admin.adminConfirmSignUp({ UserPoolId, Username }),
    admin.adminSetUserPassword({ UserPoolId, Username, Password: 'Correct-Horse-7' }),
    admin.adminUserGlobalSignOut({ UserPoolId, Username }),
    admin.createGroup({ UserPoolId, GroupName }),
    admin.getGroup({ UserPoolId, GroupName }),
    admin.deleteGroup({ UserPoolId, GroupName }),
    admin.listUsersInGroup({ UserPoolId, GroupName }),
    admin.adminListGroupsForUser({ UserPoolId, Username }),
  ];
  await allRefused(calls, ...gone);
});

test('pools are listed page by page, those of the region of the caller alone', async () => {
  const elsewhere = administrator('ap-southeast-2');
  const ids = [];
  for (let n = 0; n < 5; n += 1) {
    const { UserPool } = await elsewhere.createUserPool({ PoolName: unique('listed') });
    assert.match(UserPool.Id, /^ap-southeast-2_/);
    ids.push(UserPool.Id);
  }
  const here = await createPool();
  const list = async (caller) => {
    const all = await pages((NextToken) => caller.listUserPools({ MaxResults: 2, NextToken }));
    assert.ok(all.every((page) => page.UserPools.length <= 2));
    return all.flatMap((page) => page.UserPools);
  };
  const theirs = (await list(elsewhere)).map((pool) => pool.Id);
  assert.equal(new Set(theirs).size, theirs.length, 'no pool is listed twice');
  for (const id of ids) assert.ok(theirs.includes(id));
  assert.ok(theirs.every((id) => id.startsWith('ap-southeast-2_')));
  const ours = await list(admin);
  const listed = ours.find((pool) => pool.Id === here);
  assert.ok(listed.Name && listed.CreationDate && listed.LastModifiedDate);
  assert.ok(ours.every((pool) => pool.Id.startsWith('eu-west-1_')));
  await elsewhere.deleteUserPool({ UserPoolId: ids[0] });
  assert.ok(!(await list(elsewhere)).some((pool) => pool.Id === ids[0]));
  await refused(
    elsewhere.listUserPools({ MaxResults: 2, NextToken: 'not-a-token' }),
    'InvalidParameterException',
  );
});

test('settings that contradict one another are refused', async () => {
  const create = (settings) => admin.createUserPool({ PoolName: unique(), ...settings });
  for (const settings of [
    { MfaConfiguration: 'ON' },
    { Schema: [{ Name: 'plan', AttributeDataType: 'String', Required: true }] },
    {
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } },
      AdminCreateUserConfig: { UnusedAccountValidityDays: 4 },
    },
    { EmailVerificationMessage: 'There is no place for a code' },
  ]) {
    await refused(create(settings), 'InvalidParameterException');
  }
});
