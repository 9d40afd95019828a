// What each runtime and bundler of the packaging tests is given: an application that signs in, and
// an API that looks at the token.

import { createClient, getSession, groups, signIn, signOut } from 'cognate/client';
import { createVerifier } from 'cognate/verify';

/** Signs in by SRP, comes back, shows the tokens around, leaves. */
export async function run({ username, password, ...options }) {
  const client = createClient(options);
  const next = await signIn(client, { username, password });
  if (next.step !== 'done') throw new Error(next.step);
  const renewed = await getSession(client, { refresh: true });
  const { userPoolId, clientId, endpoint } = options;
  const issuer = `${endpoint}/${userPoolId}`;
  const verifier = createVerifier({ issuer, clientId, tokenUse: 'access', groups: 'admins' });
  const { sub } = await verifier.verify(renewed.accessToken);
  const owners = verifier.verify(renewed.accessToken, { groups: 'owners' });
  const refused = await owners.catch((error) => error.code);
  const { revoked } = await signOut(client);
  const verified = sub === renewed.idClaims.sub;
  return { groups: [...groups(renewed.idClaims)].sort(), verified, refused, revoked };
}
