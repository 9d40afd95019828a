// What is asked of Cognate, and of the reference in its place?

import { createDiffieHellman, getDiffieHellman, randomUUID } from 'node:crypto';

import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { IAM } from '@aws-sdk/client-iam';

import { Attempt } from '../sdk/srp.mjs';

const PASSWORD = 'Correct-Horse-7';
const USERS = 64;

/** The first token of `tokens`, then the next, and again from the start. */
function inTurn(list) {
  let next = 0;
  return () => list[next++ % list.length];
}

/** One unit of work at Cognate, and the same request with only its parts at the reference. */
export async function workloads(cognate, reference, endpoint) {
  const world = await furnish(cognate, endpoint);
  const user = inTurn(world.users);
  const call = (operation, input) => cognate.post('/', headers(operation), JSON.stringify(input));
  /** Both steps of the enhanced flow. */
  const credentials = async (Logins) => {
    const pool = { IdentityPoolId: world.identityPoolId, Logins };
    const { IdentityId } = JSON.parse(await call('GetId', pool));
    await call('GetCredentialsForIdentity', { IdentityId, Logins });
  };
  const bothSteps = async (first, second, Logins) => {
    await parts(first, 'GetId', { IdentityPoolId: world.identityPoolId, Logins });
    await parts(second, 'GetCredentialsForIdentity', { IdentityId: world.identityPoolId, Logins });
  };
  const logins = () => ({ [world.provider]: user().tokens.IdToken });
  const parts = (path, operation, input) =>
    reference.post(`/${path}`, headers(operation), JSON.stringify(input));

  const getUser = () => ({ AccessToken: user().tokens.AccessToken });
  const signUp = () => ({
    ClientId: world.clientId,
    Username: `new-${randomUUID()}`,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: 'somebody@example.com' }],
  });
  const byPassword = () => ({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: world.clientId,
    AuthParameters: { USERNAME: user().name, PASSWORD },
  });
  const refresh = () => ({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: world.clientId,
    AuthParameters: { REFRESH_TOKEN: user().tokens.RefreshToken },
  });
  const opening = ({ name, attempt }) => ({
    AuthFlow: 'USER_SRP_AUTH',
    ClientId: world.clientId,
    AuthParameters: { USERNAME: name, SRP_A: attempt.opening },
  });
  const proof = ({ attempt }, parameters) => ({
    ChallengeName: 'PASSWORD_VERIFIER',
    ClientId: world.clientId,
    ChallengeResponses: attempt.responses({ poolId: world.poolId, parameters, password: PASSWORD }),
  });
  // The reference asks for no proof: one that was right once is as long as any.
  const somebody = world.users[0];
  const challenged = JSON.parse(await call('InitiateAuth', opening(somebody)));
  const aProof = proof(somebody, challenged.ChallengeParameters);

  return [
    {
      name: 'GetUser',
      parts: ['read'],
      cognate: () => call('GetUser', getUser()),
      reference: () => parts('read', 'GetUser', getUser()),
    },
    {
      name: 'SignUp',
      parts: ['write', 'password'],
      cognate: () => call('SignUp', signUp()),
      reference: () => parts('write+password', 'SignUp', signUp()),
    },
    {
      name: 'SignUp, indexed',
      parts: ['insert', 'password'],
      cognate: () => call('SignUp', signUp()),
      reference: () => parts('insert+password', 'SignUp', signUp()),
    },
    {
      name: 'password sign-in',
      parts: ['write', 'password', 'sign', 'sign'],
      cognate: () => call('InitiateAuth', byPassword()),
      reference: () => parts('write+password+sign+sign', 'InitiateAuth', byPassword()),
    },
    {
      name: 'SRP sign-in',
      parts: ['read', 'begin', 'write', 'finish', 'sign', 'sign'],
      async cognate() {
        const someone = user();
        const { ChallengeParameters } = JSON.parse(await call('InitiateAuth', opening(someone)));
        await call('RespondToAuthChallenge', proof(someone, ChallengeParameters));
      },
      async reference() {
        await parts('read+begin', 'InitiateAuth', opening(user()));
        await parts('write+finish+sign+sign', 'RespondToAuthChallenge', aProof);
      },
    },
    {
      name: 'refresh',
      parts: ['write', 'sign', 'sign'],
      cognate: () => call('InitiateAuth', refresh()),
      reference: () => parts('write+sign+sign', 'InitiateAuth', refresh()),
    },
    {
      name: "a guest's credentials",
      // The account is asked for the role as well, which is no part of the reference: it is told how
      // far that is from it, and not judged.
      isJudged: false,
      parts: ['write', 'read'],
      cognate: () => credentials(),
      reference: () => bothSteps('write', 'read'),
    },
    {
      name: "a user's credentials",
      isJudged: false,
      parts: ['read', 'verify', 'read', 'verify'],
      cognate: () => credentials(logins()),
      reference: () => bothSteps('read+verify', 'read+verify', logins()),
    },
  ];
}

const OF_IDENTITY_POOLS = ['GetId', 'GetCredentialsForIdentity'];

/** Headers as an SDK in Node sends them. */
function headers(operation) {
  const service = OF_IDENTITY_POOLS.includes(operation) ? '' : 'Provider';
  return {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentity${service}Service.${operation}`,
    'x-amz-user-agent': 'aws-sdk-js/3.1169.0',
    'user-agent': 'aws-sdk-js/3.1169.0 os/linux lang/js md/nodejs api/cognito-identity-provider',
    'amz-sdk-invocation-id': '0f6bd1f0-7a0c-4b53-b1f3-6d1c5a3f7a55',
    'amz-sdk-request': 'attempt=1; max=3',
  };
}

/** A pool that sends nothing, a client, and users who have signed in. */
async function furnish(cognate, endpoint) {
  const settings = {
    endpoint,
    region: 'eu-west-1',
    credentials: {
      accessKeyId: 'AKIACOGNATEDEVELOP01',
      secretAccessKey: 'cognate/development/secret/access/key000',
    },
    maxAttempts: 1,
  };
  const admin = new CognitoIdentityProvider(settings);
  const { UserPool } = await admin.createUserPool({ PoolName: 'load' });
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: 'load',
    ExplicitAuthFlows: [
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
    ],
  });
  const [poolId, clientId] = [UserPool.Id, UserPoolClient.ClientId];
  const users = [];
  for (let n = 0; n < USERS; n += 1) users.push(await furnishUser(admin, { poolId, clientId, n }));
  admin.destroy();
  const provider = `cognito-idp.eu-west-1.amazonaws.com/${poolId}`;
  const identityPoolId = await furnishIdentities(settings, { provider, clientId });
  return { poolId, clientId, users, provider, identityPoolId };
}

/** An identity pool that takes guests and those users, with a role for all of them. */
async function furnishIdentities(settings, { provider, clientId }) {
  const [identities, iam] = [new CognitoIdentity(settings), new IAM(settings)];
  const { IdentityPoolId } = await identities.createIdentityPool({
    IdentityPoolName: 'load',
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
  });
  const Statement = {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
  };
  const { Role } = await iam.createRole({
    RoleName: 'load',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  const Roles = { authenticated: Role.Arn, unauthenticated: Role.Arn };
  await identities.setIdentityPoolRoles({ IdentityPoolId, Roles });
  for (const client of [identities, iam]) client.destroy();
  return IdentityPoolId;
}

async function furnishUser(admin, { poolId, clientId, n }) {
  const name = `user-${n}`;
  await admin.adminCreateUser({
    UserPoolId: poolId,
    Username: name,
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: `${name}@example.com` },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'given_name', Value: 'Some' },
      { Name: 'family_name', Value: 'Body' },
    ],
  });
  await admin.adminSetUserPassword({
    UserPoolId: poolId,
    Username: name,
    Password: PASSWORD,
    Permanent: true,
  });
  const { AuthenticationResult } = await admin.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: name, PASSWORD },
  });
  return { name, tokens: AuthenticationResult, attempt: new Attempt(undefined, power) };
}

const prime = getDiffieHellman('modp15').getPrime();
const openssl = createDiffieHellman(prime, 2);
const ofTwo = new Map();

/** Powers by OpenSSL, so that clients leave the server its share of the machine. */
export function power(base, exponent) {
  const known = base === 2n ? ofTwo.get(exponent) : undefined;
  if (known !== undefined) return known;
  openssl.setPrivateKey(bytes(exponent));
  const result = BigInt(`0x${openssl.computeSecret(bytes(base)).toString('hex')}`);
  if (base === 2n) ofTwo.set(exponent, result);
  return result;
}

function bytes(value) {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
}
