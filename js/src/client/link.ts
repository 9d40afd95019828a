// How does a link in a mail sign a user in? It brings the code to the browser that waits for it.

import { CognateError } from '../errors.js';
import { type Challenge, challenge, type CodeChallenge, type SignInStep } from './challenge.js';
import type { Client } from './client.js';
import { secretHash } from './secret_hash.js';
import { respond } from './sign_in.js';
import { call, type CallOptions } from './wire.js';

/** Who signs in by a link, and where it leads. */
export interface SignInLinkInput {
  /** The user's name, or an address that the pool takes in its place. */
  username: string;
  /** The page that calls {@link followSignInLink}: one of the app client's callback URLs. */
  redirectUri: string | URL;
}

/**
 * Sends a mail with a link that signs the user in, and with the code to type where the link cannot be
 * followed. Cognate's own: Amazon Cognito sends the code alone.
 *
 * The link works in the browser that asked for it, since the other half of what it takes stays in the
 * client's storage: use one that the page behind the link shares, such as `browserStorage('local')`.
 * The challenge is an ordinary one, for {@link respond}.
 *
 * @example
 * ```ts
 * const redirectUri = 'https://app.example.com/signed-in';
 * const { delivery } = await sendSignInLink(client, { username: 'ann', redirectUri });
 * ```
 */
export async function sendSignInLink(
  client: Client,
  { username, redirectUri }: SignInLinkInput,
  options: CallOptions = {},
): Promise<CodeChallenge> {
  const answer = await call(
    client,
    'InitiateAuth',
    {
      AuthFlow: 'USER_AUTH',
      AuthParameters: {
        USERNAME: username,
        PREFERRED_CHALLENGE: 'EMAIL_OTP',
        REDIRECT_URI: String(redirectUri),
        ...(await secretHash(client, username)),
      },
      ClientId: client.clientId,
      ClientMetadata: options.clientMetadata,
    },
    options,
  );
  const waiting = challenge(answer, username);
  if (waiting.step !== 'code' || waiting.channel !== 'email') {
    throw new CognateError('notSupported', 'The pool does not sign this user in by e-mail');
  }
  await client.inner.storage.set(place(client), JSON.stringify(waiting));
  return waiting;
}

/**
 * Completes a sign-in on the page behind the link. Gives null if the URL is no such link; take the
 * code out of the address afterwards (`history.replaceState`).
 *
 * @example
 * ```ts
 * const next = await followSignInLink(client, location.href);
 * if (next?.step === 'done') history.replaceState(null, '', location.pathname);
 * ```
 */
export async function followSignInLink(
  client: Client,
  url: string | URL,
  options: CallOptions = {},
): Promise<SignInStep | null> {
  const code = new URLSearchParams(new URL(url).hash.slice(1)).get('email_otp_code');
  if (code === null) return null;
  const waiting = await waitingIn(client);
  if (!waiting) {
    const told = 'The link was asked for in another browser, or was followed already';
    throw new CognateError('challengeEnded', told);
  }
  const next = await respond(client, waiting, { code }, options);
  await client.inner.storage.remove(place(client));
  return next;
}

/** The challenge that waits for a link. */
async function waitingIn(client: Client): Promise<CodeChallenge | undefined> {
  const text = await client.inner.storage.get(place(client));
  try {
    const waiting = JSON.parse(text ?? 'null') as Challenge | null;
    return waiting?.step === 'code' ? waiting : undefined;
  } catch {
    return undefined;
  }
}

function place({ inner }: Client): string {
  return `${inner.key}.link`;
}
