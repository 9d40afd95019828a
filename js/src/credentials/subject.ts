import { claims } from '../client/session.js';

/** Whom a token is of, in words that stay the same when it is renewed, as far as it tells. */
export async function subjectOf(token: string): Promise<string> {
  const { sub } = claims(token) ?? {};
  return typeof sub === 'string' ? sub : sha256(token);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
