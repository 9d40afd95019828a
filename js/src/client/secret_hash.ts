import type { Client } from './client.js';

/** `SECRET_HASH`, for clients that have a secret: who knows it may speak for the client. */
export async function secretHash(
  client: Client,
  username: string,
): Promise<{ SECRET_HASH?: string }> {
  const { clientSecret } = client.inner;
  if (clientSecret === undefined) return {};
  const { mac } = await import('./mac.js');
  return { SECRET_HASH: await mac(clientSecret, username + client.clientId) };
}

/** The same where it is a member of the request itself. */
export async function secretHashMember(
  client: Client,
  username: string,
): Promise<{ SecretHash?: string }> {
  const { SECRET_HASH } = await secretHash(client, username);
  return SECRET_HASH === undefined ? {} : { SecretHash: SECRET_HASH };
}
