// How does a test reach identity pools, and what does it start from?

import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';

import { CREDENTIALS, ENDPOINT, REGION, unique } from './world.mjs';

const settings = { endpoint: ENDPOINT, region: REGION, maxAttempts: 1 };

/** An administrator of identity pools. */
export const identities = new CognitoIdentity({ ...settings, credentials: CREDENTIALS });

/** Somebody without credentials: an operation that asked for them would fail. */
export const anybody = new CognitoIdentity({
  ...settings,
  credentials: () => Promise.reject(new Error('the operation wants to be signed')),
});

/** Roles and their policies. */
export const iam = new IAM({ ...settings, credentials: CREDENTIALS });

/** As what temporary credentials are known. */
export function callerOf(credentials) {
  return new STS({ ...settings, credentials }).getCallerIdentity({});
}

export const ACCOUNT = '123456789012';

/** The provider name of a user pool, in AWS's form. */
export function providerOf(poolId) {
  return `cognito-idp.${REGION}.amazonaws.com/${poolId}`;
}

/** An identity pool that takes guests, users of `login.shop` and those of that user pool. */
export async function createIdentityPool({ poolId, clientId } = {}, more = {}) {
  const users = { ProviderName: poolId && providerOf(poolId), ClientId: clientId };
  const made = await identities.createIdentityPool({
    IdentityPoolName: unique('shop'),
    AllowUnauthenticatedIdentities: true,
    AllowClassicFlow: true,
    DeveloperProviderName: 'login.shop',
    CognitoIdentityProviders: poolId ? [users] : [],
    ...more,
  });
  return made.IdentityPoolId;
}

/** Who may take a role: identities of that pool who proved themselves so. */
export function trust(poolId, method = 'authenticated') {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        Condition: {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': poolId },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': method },
        },
      },
    ],
  };
}

/** A role that may do those actions on those resources; gives its ARN. */
export async function createRole(trusted, actions = [], resources = ['*']) {
  const RoleName = unique('role');
  const AssumeRolePolicyDocument = JSON.stringify(trusted);
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  if (actions.length > 0) await allow(RoleName, actions, resources);
  return Role.Arn;
}

/** Lets a role do those actions on those resources, and no others. */
export async function allow(RoleName, actions, resources = ['*']) {
  const Statement = [{ Effect: 'Allow', Action: actions, Resource: resources }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.putRolePolicy({ RoleName, PolicyName: 'work', PolicyDocument });
}

/** Credentials as SDKs take them. */
export function usable({ AccessKeyId, SecretKey, SessionToken }) {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken };
}
