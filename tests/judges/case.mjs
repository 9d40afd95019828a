// A pool whose tokens are judged: with a client, and a user in two groups.

import {
  ENDPOINT,
  REGION,
  administrator,
  createClient,
  createPool,
  createUser,
  signIn,
} from '../sdk/world.mjs';

/** Pools sign with RS256 unless their tag says otherwise. */
export async function tokens(algorithm, endpoint = ENDPOINT) {
  const by = administrator(REGION, endpoint);
  const tags = algorithm ? { UserPoolTags: { 'cognate:token-algorithm': algorithm } } : {};
  const poolId = await createPool(tags, by);
  const { ClientId: clientId } = await createClient(poolId, {}, by);
  const { username, sub } = await createUser(poolId, {}, by);
  for (const GroupName of ['admins', 'readers']) {
    await by.createGroup({ UserPoolId: poolId, GroupName });
    await by.adminAddUserToGroup({ UserPoolId: poolId, Username: username, GroupName });
  }
  const { IdToken, AccessToken } = await signIn(poolId, clientId, username, by);
  const issuer = `${endpoint}/${poolId}`;
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
