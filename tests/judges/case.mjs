// A pool whose tokens are judged: with a client, and a user in two groups.

import { ENDPOINT, admin, createClient, createPool, createUser, signIn } from '../sdk/world.mjs';

/** Pools sign with RS256 unless their tag says otherwise. */
export async function tokens(algorithm) {
  const tags = algorithm ? { UserPoolTags: { 'cognate:token-algorithm': algorithm } } : {};
  const poolId = await createPool(tags);
  const { ClientId: clientId } = await createClient(poolId);
  const { username, sub } = await createUser(poolId);
  for (const GroupName of ['admins', 'readers']) {
    await admin.createGroup({ UserPoolId: poolId, GroupName });
    await admin.adminAddUserToGroup({ UserPoolId: poolId, Username: username, GroupName });
  }
  const { IdToken, AccessToken } = await signIn(poolId, clientId, username);
  const issuer = `${ENDPOINT}/${poolId}`;
  const jwksUri = `${issuer}/.well-known/jwks.json`;
  return { poolId, clientId, username, sub, issuer, jwksUri, IdToken, AccessToken };
}

export async function document(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** The public key that signed. */
export function keyOf(jwt, jwks) {
  const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url'));
  return jwks.keys.find((key) => key.kid === kid);
}
