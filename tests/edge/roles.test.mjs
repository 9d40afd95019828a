// Do providers outside vouch for roles: those that IAM knows, and those that everybody knows?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';

import { CLIENT, amazon, facebook, providers } from './providers.mjs';
import { start } from './server.mjs';
import { unique } from './world.mjs';

const NAME = 'id.example.com';
const ACCOUNT = '123456789012';
const ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${NAME}`;

let outside;
let server;
let signIn;
let iam;
let identities;
let sts;

before(async () => {
  outside = await providers();
  signIn = outside.openId(NAME);
  server = await start({ outside: outside.port });
  const credentials = {
    accessKeyId: 'AKIACOGNATEDEVELOP01',
    secretAccessKey: 'cognate/development/secret/access/key000',
  };
  const settings = { endpoint: server.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 };
  iam = new IAM(settings);
  identities = new CognitoIdentity(settings);
  const nobody = () => Promise.reject(new Error('the operation wants to be signed'));
  sts = new STS({ ...settings, credentials: nobody });
});
after(async () => {
  outside.stop();
  await server?.stop();
});

/** A role that somebody may take for whom that provider vouches so. */
async function role(Federated, condition) {
  const RoleName = unique('role');
  const Action = 'sts:AssumeRoleWithWebIdentity';
  const Condition = { StringEquals: condition };
  const Statement = [{ Effect: 'Allow', Principal: { Federated }, Action, Condition }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  return (await iam.createRole({ RoleName, AssumeRolePolicyDocument })).Role.Arn;
}

const take = (RoleArn, WebIdentityToken, more = {}) =>
  sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'ann', WebIdentityToken, ...more });

test('a provider that IAM knows vouches for a role and for an identity', async () => {
  const RoleArn = await role(ARN, { [`${NAME}:sub`]: 'ann', [`${NAME}:aud`]: CLIENT });
  const token = await signIn('ann');
  const unknown = `No OpenIDConnect provider found in your account for https://${NAME}`;
  await assert.rejects(take(RoleArn, token), { message: unknown });
  await iam.createOpenIDConnectProvider({ Url: `https://${NAME}`, ClientIDList: [CLIENT] });
  const taken = await take(RoleArn, token);
  assert.equal(taken.SubjectFromWebIdentityToken, 'ann');
  assert.equal(taken.Provider, `https://${NAME}`);
  assert.equal(taken.Audience, CLIENT);
  await assert.rejects(take(RoleArn, await signIn('bob')), { name: 'AccessDenied' });
  const { IdentityPoolId } = await identities.createIdentityPool({
    IdentityPoolName: unique('shop'),
    AllowUnauthenticatedIdentities: false,
    OpenIdConnectProviderARNs: [ARN],
  });
  const idOf = async (subject) => {
    const Logins = { [NAME]: await signIn(subject) };
    return (await identities.getId({ IdentityPoolId, Logins })).IdentityId;
  };
  assert.equal(await idOf('ann'), await idOf('ann'));
  assert.notEqual(await idOf('ann'), await idOf('bob'));
});

test('Google, Amazon and Facebook need no entry in IAM', async () => {
  const google = outside.openId('accounts.google.com', { alg: 'ES256' });
  const ofGoogle = await role('accounts.google.com', { 'accounts.google.com:aud': CLIENT });
  const taken = await take(ofGoogle, await google('ann'));
  assert.equal(taken.Provider, 'https://accounts.google.com');
  const application = 'amzn1.application.7';
  outside.host('api.amazon.com', amazon({ Atza: { application, user: 'ann', leftS: 600 } }));
  const ofAmazon = await role('www.amazon.com', { 'www.amazon.com:user_id': 'ann' });
  const byAmazon = await take(ofAmazon, 'Atza', { ProviderId: 'www.amazon.com' });
  assert.equal(byAmazon.Audience, application);
  outside.host('graph.facebook.com', facebook({ EAAB: { app: '7', user: '1066' } }));
  const ofFacebook = await role('graph.facebook.com', { 'graph.facebook.com:app_id': '7' });
  const byFacebook = await take(ofFacebook, 'EAAB', { ProviderId: 'graph.facebook.com' });
  assert.equal(byFacebook.SubjectFromWebIdentityToken, '1066');
  const another = take(ofFacebook, 'nobody', { ProviderId: 'graph.facebook.com' });
  await assert.rejects(another, { name: 'InvalidIdentityTokenException' });
});
