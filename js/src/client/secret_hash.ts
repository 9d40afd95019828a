import type { Client } from './client.js';

/** `SECRET_HASH`, for clients that have a secret: who knows it may speak for the client. */
export async function secretHash(
  client: Client,
  username: string,
): Promise<{ SECRET_HASH?: string }> {
  const { clientSecret } = client.inner;
  if (clientSecret === undefined) return {};
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(clientSecret), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, bytes(username + client.clientId));
  return { SECRET_HASH: btoa(String.fromCharCode(...new Uint8Array(mac))) };
}

/** The same where it is a member of the request itself. */
export async function secretHashMember(
  client: Client,
  username: string,
): Promise<{ SecretHash?: string }> {
  const { SECRET_HASH } = await secretHash(client, username);
  return SECRET_HASH === undefined ? {} : { SecretHash: SECRET_HASH };
}
