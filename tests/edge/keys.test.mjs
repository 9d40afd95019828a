// Are tokens of each algorithm signed by the platform so that others verify them, and verified so
// that spoiled ones are refused?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

import { start } from './server.mjs';
import { PASSWORD, unique } from './world.mjs';

/** ECDSA is not deterministic: some of its numbers begin with a zero, and some with a high bit. */
const SIGN_INS = 40;

let server;
before(async () => void (server = await start()));
after(() => server.stop());

/** A pool whose tokens are signed so, and a way to sign in there. */
async function poolOf(algorithm) {
  const { admin, anyone } = server;
  const { UserPool } = await admin.createUserPool({
    PoolName: unique('pool'),
    UserPoolTags: { 'cognate:token-algorithm': algorithm },
  });
  const UserPoolId = UserPool.Id;
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId,
    ClientName: unique('client'),
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const { ClientId } = UserPoolClient;
  await admin.adminCreateUser({ UserPoolId, Username: 'somebody', MessageAction: 'SUPPRESS' });
  await admin.adminSetUserPassword({
    UserPoolId,
    Username: 'somebody',
    Password: PASSWORD,
    Permanent: true,
  });
  const signIn = async (AuthFlow, AuthParameters) =>
    (await anyone.initiateAuth({ ClientId, AuthFlow, AuthParameters })).AuthenticationResult;
  return { UserPoolId, signIn };
}

for (const algorithm of ['RS256', 'ES256', 'EdDSA']) {
  test(`${algorithm}: others verify what is signed, and what is spoiled is refused`, async () => {
    const { UserPoolId, signIn } = await poolOf(algorithm);
    const keys = createRemoteJWKSet(
      new URL(`${server.endpoint}/${UserPoolId}/.well-known/jwks.json`),
    );
    const first = await signIn('USER_PASSWORD_AUTH', { USERNAME: 'somebody', PASSWORD });
    for (let n = 0; n < SIGN_INS; n += 1) {
      const { AccessToken, IdToken } = await signIn('REFRESH_TOKEN_AUTH', {
        REFRESH_TOKEN: first.RefreshToken,
      });
      for (const token of [AccessToken, IdToken]) {
        assert.equal(decodeProtectedHeader(token).alg, algorithm);
        await jwtVerify(token, keys, { algorithms: [algorithm] });
      }
      assert.equal((await server.anyone.getUser({ AccessToken })).Username, 'somebody');

      const [head, claims, signature] = AccessToken.split('.');
      const spoiled = Buffer.from(signature, 'base64url');
      spoiled[n % spoiled.length] ^= 1;
      for (const bad of [spoiled, spoiled.subarray(1), Buffer.alloc(spoiled.length)]) {
        const token = [head, claims, bad.toString('base64url')].join('.');
        await assert.rejects(server.anyone.getUser({ AccessToken: token }), {
          name: 'NotAuthorizedException',
        });
      }
    }
  });
}
