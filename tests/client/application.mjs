// What each runtime and bundler of the packaging tests is given: an application that signs in.

import { createClient, getSession, groups, signIn, signOut } from 'cognate/client';

/** Signs in by SRP, comes back, leaves. Gives the user's groups. */
export async function run({ username, password, ...options }) {
  const client = createClient(options);
  const next = await signIn(client, { username, password });
  if (next.step !== 'done') throw new Error(next.step);
  const renewed = await getSession(client, { refresh: true });
  const { revoked } = await signOut(client);
  return { groups: [...groups(renewed.idClaims)].sort(), revoked };
}
