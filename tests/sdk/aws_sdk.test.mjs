// Does @aws-sdk/client-cognito-identity-provider do the main job, with a secret and without?

import assert from 'node:assert/strict';

import { client } from './matrix.mjs';
import { Attempt } from './srp.mjs';
import {
  PASSWORD,
  admin,
  anotherCode,
  anyone,
  assertGroups,
  attribute,
  claims,
  codeSentTo,
  joinGroups,
  lastSentTo,
  refused,
  secretHash,
  unique,
  uniqueEmail,
} from './world.mjs';

const step = client('@aws-sdk v3');

const CHOSEN = 'Another-Horse-8';
const username = unique();
const email = uniqueEmail();
let poolId;
let open;
let secret;
let sub;

/** `SECRET_HASH` where the client has a secret, nothing where it has none. */
function hash(app, name = username) {
  return app.ClientSecret ? { SECRET_HASH: secretHash(app, name) } : {};
}

function bySrp(app, password = PASSWORD, name = username) {
  return srpThrough(anyone.initiateAuth.bind(anyone), anyone.respondToAuthChallenge.bind(anyone), {
    app,
    password,
    name,
  });
}

async function srpThrough(initiate, respond, { app, password, name, extra = {} }) {
  const attempt = new Attempt();
  const { ChallengeName, ChallengeParameters, Session } = await initiate({
    ...extra,
    ClientId: app.ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: name, SRP_A: attempt.opening, ...hash(app, name) },
  });
  assert.equal(ChallengeName, 'PASSWORD_VERIFIER');
  const proof = attempt.responses({ poolId, parameters: ChallengeParameters, password });
  return respond({
    ...extra,
    ClientId: app.ClientId,
    ChallengeName,
    Session,
    ChallengeResponses: { ...proof, ...hash(app, ChallengeParameters.USERNAME) },
  });
}

function byPassword(app, password = PASSWORD, name = username) {
  return anyone.initiateAuth({
    ClientId: app.ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: name, PASSWORD: password, ...hash(app, name) },
  });
}

step('create a pool', async () => {
  const PoolName = unique('pool');
  const { UserPool } = await admin.createUserPool({ PoolName, AutoVerifiedAttributes: ['email'] });
  assert.match(UserPool.Id, /^eu-west-1_[0-9a-zA-Z]+$/);
  assert.equal(UserPool.Name, PoolName);
  assert.equal(
    UserPool.Arn,
    `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${UserPool.Id}`,
  );
  assert.ok(Math.abs(UserPool.CreationDate - Date.now()) < 60_000);
  poolId = UserPool.Id;
});

const flows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];

step('create a client', async () => {
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId: poolId,
    ClientName: 'open',
    ExplicitAuthFlows: flows,
  });
  assert.match(UserPoolClient.ClientId, /^[a-z0-9]+$/);
  assert.equal(UserPoolClient.ClientSecret, undefined);
  open = UserPoolClient;
});

step('create a client with a secret', async () => {
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId: poolId,
    ClientName: 'secret',
    GenerateSecret: true,
    ExplicitAuthFlows: flows,
  });
  assert.match(UserPoolClient.ClientSecret, /^[\w+]{24,64}$/);
  secret = UserPoolClient;
});

step('sign up', async () => {
  const answer = await anyone.signUp({
    ClientId: secret.ClientId,
    SecretHash: secretHash(secret, username),
    Username: username,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: email }],
  });
  assert.equal(answer.UserConfirmed, false);
  assert.deepEqual(answer.CodeDeliveryDetails, {
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: 'm***@e***',
  });
  sub = answer.UserSub;
});

step('an unconfirmed user is refused', async () => {
  await refused(byPassword(open), 'UserNotConfirmedException', 'User is not confirmed.');
  await refused(bySrp(secret), 'UserNotConfirmedException', 'User is not confirmed.');
});

step('resend the code', async () => {
  const answer = await anyone.resendConfirmationCode({
    ClientId: secret.ClientId,
    SecretHash: secretHash(secret, username),
    Username: username,
  });
  assert.equal(answer.CodeDeliveryDetails.Destination, 'm***@e***');
  const message = await lastSentTo(email);
  assert.equal(message.medium, 'EMAIL');
  assert.equal(message.username, username);
  assert.equal(message.userPoolId, poolId);
  assert.ok(message.body.includes(message.code));
});

step('confirm with the code that was sent', async () => {
  const code = await codeSentTo(email);
  const confirm = (ConfirmationCode) =>
    anyone.confirmSignUp({
      ClientId: secret.ClientId,
      SecretHash: secretHash(secret, username),
      Username: username,
      ConfirmationCode,
    });
  await refused(
    confirm(anotherCode(code)),
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  );
  await confirm(code);
  const { UserStatus } = await admin.adminGetUser({ UserPoolId: poolId, Username: username });
  assert.equal(UserStatus, 'CONFIRMED');
});

step('sign in by SRP', async () => {
  for (const app of [open, secret]) {
    const { AuthenticationResult: result } = await bySrp(app);
    assert.equal(result.TokenType, 'Bearer');
    assert.equal(result.ExpiresIn, 3600);
    assert.ok(result.RefreshToken);
    assert.equal(claims(result.AccessToken).client_id, app.ClientId);
    assert.equal(claims(result.IdToken).aud, app.ClientId);
    assert.equal(claims(result.IdToken).sub, sub);
  }
  const { AuthenticationResult } = await srpThrough(
    admin.adminInitiateAuth.bind(admin),
    admin.adminRespondToAuthChallenge.bind(admin),
    { app: secret, password: PASSWORD, name: username, extra: { UserPoolId: poolId } },
  );
  assert.equal(claims(AuthenticationResult.AccessToken).username, username);
});

step('sign in by password', async () => {
  for (const app of [open, secret]) {
    const { AuthenticationResult } = await byPassword(app);
    assert.equal(claims(AuthenticationResult.AccessToken).username, username);
  }
});

step('a wrong password is refused', async () => {
  const fault = ['NotAuthorizedException', 'Incorrect username or password.'];
  await refused(byPassword(open, 'Wrong-Horse-7'), ...fault);
  await refused(bySrp(secret, 'Wrong-Horse-7'), ...fault);
  assert.ok((await byPassword(open)).AuthenticationResult);
});

step('the tokens carry the groups', async () => {
  await joinGroups(poolId, username);
  const { AuthenticationResult } = await bySrp(secret);
  assertGroups(claims(AuthenticationResult.IdToken), claims(AuthenticationResult.AccessToken));
});

step('complete a new password', async () => {
  const invited = unique('invited');
  const address = uniqueEmail();
  const { User } = await admin.adminCreateUser({
    UserPoolId: poolId,
    Username: invited,
    DesiredDeliveryMediums: ['EMAIL'],
    UserAttributes: [{ Name: 'email', Value: address }],
  });
  assert.equal(User.UserStatus, 'FORCE_CHANGE_PASSWORD');
  const invitation = await lastSentTo(address);
  assert.equal(invitation.reason, 'AdminCreateUser');
  assert.ok(invitation.body.includes(invited));
  const challenge = await bySrp(secret, invitation.code, invited);
  assert.equal(challenge.ChallengeName, 'NEW_PASSWORD_REQUIRED');
  assert.equal(JSON.parse(challenge.ChallengeParameters.userAttributes).email, address);
  assert.deepEqual(JSON.parse(challenge.ChallengeParameters.requiredAttributes), []);
  const { AuthenticationResult } = await anyone.respondToAuthChallenge({
    ClientId: secret.ClientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: challenge.Session,
    ChallengeResponses: {
      USERNAME: invited,
      NEW_PASSWORD: PASSWORD,
      'userAttributes.name': 'Invited Guest',
      ...hash(secret, invited),
    },
  });
  assert.equal(claims(AuthenticationResult.IdToken).name, 'Invited Guest');
  assert.ok((await byPassword(open, PASSWORD, invited)).AuthenticationResult);
});

step('read the user', async () => {
  const { AuthenticationResult } = await byPassword(open);
  const user = await anyone.getUser({ AccessToken: AuthenticationResult.AccessToken });
  assert.equal(user.Username, username);
  assert.equal(attribute(user.UserAttributes, 'sub'), sub);
  assert.equal(attribute(user.UserAttributes, 'email'), email);
  assert.equal(attribute(user.UserAttributes, 'email_verified'), 'true');
});

step('change the password', async () => {
  const { AuthenticationResult } = await byPassword(secret);
  const change = (PreviousPassword) =>
    anyone.changePassword({
      AccessToken: AuthenticationResult.AccessToken,
      PreviousPassword,
      ProposedPassword: CHOSEN,
    });
  await refused(
    change('Wrong-Horse-7'),
    'NotAuthorizedException',
    'Incorrect username or password.',
  );
  await change(PASSWORD);
  await bySrp(open, CHOSEN);
});

step('reset a forgotten password', async () => {
  const asked = {
    ClientId: secret.ClientId,
    SecretHash: secretHash(secret, username),
    Username: username,
  };
  const { CodeDeliveryDetails } = await anyone.forgotPassword(asked);
  assert.deepEqual(CodeDeliveryDetails, {
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: 'm***@e***',
  });
  assert.equal((await lastSentTo(email)).reason, 'ForgotPassword');
  const code = await codeSentTo(email);
  const choose = (ConfirmationCode) =>
    anyone.confirmForgotPassword({ ...asked, ConfirmationCode, Password: PASSWORD });
  await refused(
    choose(anotherCode(code)),
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  );
  await choose(code);
  await bySrp(secret);
});

step('refresh', async () => {
  const { AuthenticationResult: first } = await byPassword(secret);
  const { AuthenticationResult: second } = await anyone.initiateAuth({
    ClientId: secret.ClientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: first.RefreshToken, ...hash(secret) },
  });
  const { AuthenticationResult: third } = await anyone.getTokensFromRefreshToken({
    ClientId: secret.ClientId,
    ClientSecret: secret.ClientSecret,
    RefreshToken: first.RefreshToken,
  });
  for (const next of [second, third]) {
    assert.equal(next.RefreshToken, undefined);
    const [before, after] = [claims(first.AccessToken), claims(next.AccessToken)];
    assert.notEqual(after.jti, before.jti);
    assert.equal(after.origin_jti, before.origin_jti);
    assert.equal(after.auth_time, before.auth_time);
    assert.equal(claims(next.IdToken).sub, sub);
  }
});

let left;

step('sign out everywhere', async () => {
  left = (await byPassword(open)).AuthenticationResult;
  const { AuthenticationResult: elsewhere } = await byPassword(secret);
  await anyone.globalSignOut({ AccessToken: elsewhere.AccessToken });
});

step('refresh is refused after it', async () => {
  const fault = ['NotAuthorizedException', 'Refresh Token has been revoked'];
  const { RefreshToken } = left;
  await refused(anyone.getTokensFromRefreshToken({ ClientId: open.ClientId, RefreshToken }), ...fault);
  const AuthParameters = { REFRESH_TOKEN: RefreshToken };
  await refused(
    anyone.initiateAuth({ ClientId: open.ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
    ...fault,
  );
});

step('reading the user is refused after it', async () => {
  await refused(
    anyone.getUser({ AccessToken: left.AccessToken }),
    'NotAuthorizedException',
    'Access Token has been revoked',
  );
  const { AuthenticationResult } = await byPassword(open);
  const again = await anyone.getUser({ AccessToken: AuthenticationResult.AccessToken });
  assert.equal(again.Username, username);
});
