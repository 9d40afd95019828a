// Do public providers vouch for identities, and is a login one identity whatever happens?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { CognitoIdentity } from '@aws-sdk/client-cognito-identity';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { createRemoteJWKSet, jwtVerify } from 'jose';

import { CLIENT, amazon, facebook, providers, twitter } from './providers.mjs';
import { start } from './server.mjs';
import { PASSWORD, createPool, unique } from './world.mjs';

const APPLE = 'appleid.apple.com';
const GOOGLE = 'accounts.google.com';
const UNVERIFIED = "Invalid login token. Couldn't verify signed token.";
const AUDIENCE = 'Invalid login token. Incorrect token audience.';

let outside;
let server;
let google;
/** How somebody fared whose provider never answers. */
let hanging;
let pool;

const settings = {
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'AKIACOGNATEDEVELOP01',
    secretAccessKey: 'cognate/development/secret/access/key000',
  },
  maxAttempts: 1,
};

function clientOf({ endpoint }) {
  return new CognitoIdentity({ ...settings, endpoint });
}

before(async () => {
  outside = await providers();
  google = outside.openId(GOOGLE);
  server = await start({ outside: outside.port });
  pool = await identityPool();
});
after(async () => {
  outside.stop();
  await server?.stop();
});

async function identityPool(more = {}, at = server) {
  const { IdentityPoolId } = await clientOf(at).createIdentityPool({
    IdentityPoolName: unique('shop'),
    AllowUnauthenticatedIdentities: false,
    SupportedLoginProviders: {
      [APPLE]: CLIENT,
      [GOOGLE]: CLIENT,
      'api.twitter.com': 'key;secret',
      'graph.facebook.com': '7',
      'www.amazon.com': 'amzn1.application.7',
    },
    ...more,
  });
  return IdentityPoolId;
}

async function idOf(Logins, IdentityPoolId = pool, at = server) {
  return (await clientOf(at).getId({ IdentityPoolId, Logins })).IdentityId;
}

async function refused(call, message, name = 'NotAuthorizedException') {
  const error = await call.then(() => assert.fail('it was let in'), (error) => error);
  assert.deepEqual([error.name, error.message], [name, message]);
  assert.equal(error.$metadata.httpStatusCode, 400);
}

test('a token of an OpenID Connect provider is an identity, its keys are read once', async () => {
  const ann = await idOf({ [GOOGLE]: await google('ann') });
  const reads = () => ['/.well-known/openid-configuration', '/jwks'].map((path) => outside.asked(`GET ${GOOGLE}${path}`));
  const before = reads();
  assert.ok(before.every((count) => count > 0));
  assert.equal(await idOf({ [GOOGLE]: await google('ann') }), ann);
  assert.notEqual(await idOf({ [GOOGLE]: await google('bob') }), ann);
  assert.deepEqual(reads(), before);
});

test('a token of another provider, application or key is refused', async () => {
  const apple = outside.openId(APPLE, { alg: 'ES256' });
  const token = await apple('ann');
  assert.ok(await idOf({ [APPLE]: token }));
  await refused(idOf({ [GOOGLE]: token }), UNVERIFIED);
  const others = await identityPool({ SupportedLoginProviders: { [GOOGLE]: 'another' } });
  await refused(idOf({ [GOOGLE]: await google('ann') }, others), AUDIENCE);
  const [head, claims, signature] = (await google('ann')).split('.');
  const eve = Buffer.from(claims, 'base64url').toString().replace('"ann"', '"eve"');
  const forged = [head, Buffer.from(eve).toString('base64url'), signature].join('.');
  await refused(idOf({ [GOOGLE]: forged }), UNVERIFIED);
});

test('a token is good until it expires', async () => {
  const own = outside.openId(APPLE, { alg: 'ES256', lifeS: 1 });
  const token = await own('ann');
  const IdentityPoolId = await identityPool();
  await sleep(1_100);
  const error = await idOf({ [APPLE]: token }, IdentityPoolId).catch((error) => error);
  assert.equal(error.name, 'NotAuthorizedException');
  assert.match(error.message, /^Invalid login token\. Token expired: \d+ >= \d+$/);
});

test('a provider that is away, or says nonsense, vouches for nobody', async () => {
  const token = await google('ann');
  for (const handle of [
    (_, response) => response.writeHead(503).end(),
    (_, response) => response.writeHead(302, { location: 'https://example.com/' }).end(),
    (_, response) => response.end('<html>'),
    (_, response) => response.end(JSON.stringify({ issuer: 'https://example.com' })),
    (_, response) => response.end('a'.repeat(300_000)),
    (request) => request.socket.destroy(),
  ]) {
    outside.host(APPLE, handle);
    const fresh = await identityPool();
    const error = await idOf({ [APPLE]: token }, fresh).catch((error) => error);
    assert.equal(error.name, 'ExternalServiceException');
  }
});

test('a provider that hangs holds nobody else up', async () => {
  const token = await google('ann');
  outside.host(APPLE, () => {});
  const fresh = await identityPool();
  const started = Date.now();
  const ended = (error) => ({ name: error.name, ms: Date.now() - started });
  hanging = idOf({ [APPLE]: token }, fresh).catch(ended);
  assert.ok(await idOf({ [GOOGLE]: token }, fresh));
  assert.ok(Date.now() - started < 4_000);
});

test('a provider that the account knows vouches to the clients that it has there', async () => {
  const name = 'id.example.com';
  const signIn = outside.openId(name, { alg: 'ES256' });
  const { endpoint } = server;
  const iam = new IAM({ ...settings, endpoint });
  const { OpenIDConnectProviderArn } = await iam.createOpenIDConnectProvider({
    Url: `https://${name}`,
    ClientIDList: [CLIENT],
  });
  const own = { AllowClassicFlow: true, OpenIdConnectProviderARNs: [OpenIDConnectProviderArn] };
  const IdentityPoolId = await identityPool(own);
  const Logins = { [name]: await signIn('ann') };
  const IdentityId = await idOf(Logins, IdentityPoolId);
  assert.equal(await idOf({ [name]: await signIn('ann') }, IdentityPoolId), IdentityId);
  await refused(idOf(Logins), 'Token is not from a supported provider of this identity pool.');

  // Its claims choose the role, and the basic flow leads to the same.
  const Statement = {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.createRole({ RoleName: unique('sales'), AssumeRolePolicyDocument });
  const rule = { Claim: 'department', MatchType: 'Equals', Value: 'sales', RoleARN: Role.Arn };
  const identities = clientOf(server);
  await identities.setIdentityPoolRoles({
    IdentityPoolId,
    Roles: {},
    RoleMappings: {
      [name]: {
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: { Rules: [rule] },
      },
    },
  });
  const { Credentials } = await identities.getCredentialsForIdentity({ IdentityId, Logins });
  const callerOf = async (credentials) => {
    const { Arn } = await new STS({ ...settings, endpoint, credentials }).getCallerIdentity({});
    return Arn.split('/').slice(1);
  };
  const given = {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretKey,
    sessionToken: Credentials.SessionToken,
  };
  assert.deepEqual(await callerOf(given), [Role.RoleName, 'CognitoIdentityCredentials']);
  const { Token } = await identities.getOpenIdToken({ IdentityId, Logins });
  const taken = await new STS({ ...settings, endpoint }).assumeRoleWithWebIdentity({
    RoleArn: Role.Arn,
    RoleSessionName: 'ann',
    WebIdentityToken: Token,
  });
  assert.equal(taken.SubjectFromWebIdentityToken, IdentityId);
  assert.deepEqual(
    await callerOf({
      accessKeyId: taken.Credentials.AccessKeyId,
      secretAccessKey: taken.Credentials.SecretAccessKey,
      sessionToken: taken.Credentials.SessionToken,
    }),
    [Role.RoleName, 'ann'],
  );

  const removed = { OpenIDConnectProviderArn, ClientID: CLIENT };
  await iam.removeClientIDFromOpenIDConnectProvider(removed);
  await refused(idOf(Logins, IdentityPoolId), AUDIENCE);
  await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
  const error = await idOf(Logins, IdentityPoolId).catch((error) => error);
  assert.equal(error.name, 'InvalidParameterException');
});

test('Facebook, Amazon and Twitter are asked whose a token is', async () => {
  const app = '7';
  outside.host('graph.facebook.com', facebook({ ann: { app, user: '1' }, eve: { app: '8', user: '1' } }));
  const application = 'amzn1.application.7';
  outside.host(
    'api.amazon.com',
    amazon({
      'Atza|ann': { application, user: 'amzn1.account.1', leftS: 3_600 },
      eve: { application: 'amzn1.application.8', user: 'amzn1.account.1', leftS: 3_600 },
    }),
  );
  const known = { ann: { secret: 'a+b/c=', user: '1' } };
  outside.host('api.twitter.com', twitter({ key: 'key', secret: 'secret' }, known));
  const ids = new Set();
  for (const [provider, good, wrong, strange] of [
    ['graph.facebook.com', 'ann', 'eve', 'nobody'],
    ['www.amazon.com', 'Atza|ann', 'eve', 'nobody'],
    ['api.twitter.com', 'ann;a+b/c=', 'ann;other', 'nobody;a'],
  ]) {
    const id = await idOf({ [provider]: good });
    assert.equal(await idOf({ [provider]: good }), id);
    ids.add(id);
    await refused(idOf({ [provider]: wrong }), provider === 'api.twitter.com' ? UNVERIFIED : AUDIENCE);
    await refused(idOf({ [provider]: strange }), UNVERIFIED);
  }
  assert.equal(ids.size, 3);
  assert.equal(outside.asked('POST graph.facebook.com/'), 4);
});

test('logins of several providers are one identity', async () => {
  const logins = { [GOOGLE]: await google('carl'), 'graph.facebook.com': 'ann' };
  const before = await idOf({ 'graph.facebook.com': 'ann' });
  assert.equal(await idOf(logins), before);
  assert.equal(await idOf({ [GOOGLE]: await google('carl') }), before);
});

test('where issuers look like AWS, their tokens are taken and verified all the same', async (t) => {
  const likeAws = await start({ vars: { ISSUER: 'aws' } });
  t.after(() => likeAws.stop());
  const users = await createPool(likeAws);
  await letSignIn(likeAws, users);
  const token = await tokenOf(likeAws, users);
  const { iss } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const provider = `cognito-idp.eu-west-1.amazonaws.com/${users.poolId}`;
  assert.equal(iss, `https://${provider}`);
  const CognitoIdentityProviders = [{ ProviderName: provider, ClientId: users.clientId }];
  const classic = { AllowClassicFlow: true, CognitoIdentityProviders };
  const IdentityPoolId = await identityPool(classic, likeAws);
  const Logins = { [provider]: token };
  const IdentityId = await idOf(Logins, IdentityPoolId, likeAws);
  const { Token } = await clientOf(likeAws).getOpenIdToken({ IdentityId, Logins });
  const room = `${likeAws.endpoint}/identity/${IdentityPoolId.split(':')[1]}/.well-known`;
  const configuration = await (await fetch(`${room}/openid-configuration`)).json();
  const issuer = 'https://cognito-identity.amazonaws.com';
  assert.deepEqual([configuration.issuer, configuration.jwks_uri], [issuer, `${room}/jwks.json`]);
  const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
  await jwtVerify(Token, keys, { issuer, audience: IdentityPoolId, subject: IdentityId });
});

/** Lets an administrator sign users in. */
function letSignIn({ admin }, { poolId: UserPoolId, clientId: ClientId }) {
  const ExplicitAuthFlows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH'];
  return admin.updateUserPoolClient({ UserPoolId, ClientId, ExplicitAuthFlows });
}

test('a login is one identity through crashes', { timeout: 120_000 }, async (t) => {
  let fragile = await start();
  t.after(() => fragile.stop());
  const users = await createPool(fragile);
  await letSignIn(fragile, users);
  const provider = `cognito-idp.eu-west-1.amazonaws.com/${users.poolId}`;
  const IdentityPoolId = await identityPool(
    {
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: users.clientId }],
    },
    fragile,
  );
  const tokens = await Promise.all(Array.from({ length: 40 }, () => tokenOf(fragile, users)));
  const known = new Map();
  const guests = new Set();
  for (let crash = 0; crash < 2; crash += 1) {
    const client = clientOf(fragile);
    let isAlive = true;
    let answers = 0;
    const worker = async (_, n) => {
      for (let turn = n; isAlive; turn += 1) {
        const token = tokens[(turn * 7 + crash * 20) % (20 + crash * 20)];
        // Every third caller is a guest.
        const Logins = turn % 3 === 0 ? undefined : { [provider]: token };
        const answer = await client.getId({ IdentityPoolId, Logins }).catch((error) => {
          if (isAlive && error.$metadata?.httpStatusCode) throw error;
        });
        if (answer === undefined) return;
        answers += 1;
        const { IdentityId } = answer;
        if (Logins === undefined) {
          assert.ok(!guests.has(IdentityId));
          guests.add(IdentityId);
        } else {
          assert.equal(IdentityId, known.get(token) ?? IdentityId);
          known.set(token, IdentityId);
        }
        if (answers > 60 && isAlive) {
          isAlive = false;
          await fragile.kill();
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    fragile = await start({ folder: fragile.folder });
  }
  assert.ok(known.size > 10 && guests.size > 10);
  for (const [token, id] of known) {
    assert.equal(await idOf({ [provider]: token }, IdentityPoolId, fragile), id);
  }
  const key = IdentityPoolId.split(':')[1].replaceAll('-', '').slice(0, 12);
  const object = { binding: 'IDENTITY_POOL', name: `identity.${key}` };
  const { records } = await fragile.inspect('holds', object);
  const keys = Object.keys(records);
  const count = (start) => keys.filter((key) => key.startsWith(start)).length;
  for (const id of guests) assert.ok(keys.includes(`identity/${id}`), 'what was acknowledged is kept');
  const subjects = keys.filter((key) => key.startsWith('login/'));
  assert.equal(new Set(subjects).size, subjects.length);
  assert.ok(count('login/') >= known.size && count('identity/') >= guests.size + known.size);
});

async function tokenOf({ admin }, { poolId: UserPoolId, clientId: ClientId }) {
  const Username = unique('user');
  await admin.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
  await admin.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  const { AuthenticationResult } = await admin.adminInitiateAuth({
    UserPoolId,
    ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: Username, PASSWORD },
  });
  return AuthenticationResult.IdToken;
}

test('a provider that hangs is given up', async () => {
  const { name, ms } = await hanging;
  assert.equal(name, 'ExternalServiceException');
  assert.ok(ms >= 4_900 && ms < 30_000, `${ms} ms`);
});

test('a provider may change its keys', async () => {
  const before = await idOf({ [GOOGLE]: await google('ann') });
  const old = await google('ann');
  google = outside.openId(GOOGLE);
  // Keys are not asked for again at once, lest strangers have them asked for all the time.
  const token = await google('ann');
  const until = Date.now() + 15_000;
  let after;
  while (after === undefined && Date.now() < until) {
    after = await idOf({ [GOOGLE]: token }).catch(() => undefined);
    if (after === undefined) await sleep(250);
  }
  assert.equal(after, before);
  await refused(idOf({ [GOOGLE]: old }), UNVERIFIED);
});
