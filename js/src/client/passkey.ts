import { CognateError } from '../errors.js';
import {
  type Answer,
  badResponse,
  isObject,
  optionalText,
  structure,
  structures,
  text,
  texts,
} from './answer.js';
import type { PasskeyChallenge, SignInStep } from './challenge.js';
import type { Client } from './client.js';
import { callAsUser } from './refresh.js';
import { respond } from './sign_in.js';
import type { CallOptions } from './wire.js';

/** A passkey of a user. */
export interface Passkey {
  /** By which it is deleted. */
  readonly id: string;
  /** What the service calls it: often whoever keeps it. */
  readonly name: string;
  /** The domain for which it was made. */
  readonly domain: string;
  /** When it was registered. */
  readonly createdAt: Date;
  /** How it is reached, as browsers name that. */
  readonly transports: readonly string[];
}

/**
 * Has the browser make a passkey for the user who is signed in, and the pool keep it.
 *
 * @example
 * ```ts
 * await registerPasskey(client);
 * ```
 */
export async function registerPasskey(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  const { signal } = options;
  const answer = await callAsUser(client, 'StartWebAuthnRegistration', {}, options);
  const wanted = structure(answer, 'CredentialCreationOptions');
  const user = wanted && structure(wanted, 'user');
  if (!wanted || !user) throw badResponse();
  const publicKey = {
    ...wanted,
    challenge: bytes(text(wanted, 'challenge')),
    user: { ...user, id: bytes(text(user, 'id')) },
    excludeCredentials: credentials(wanted, 'excludeCredentials'),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await ask((browser) => browser.create({ publicKey, signal }), signal);
  const response = made.response as AuthenticatorAttestationResponse;
  const Credential = written(made, {
    attestationObject: base64url(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
  await callAsUser(client, 'CompleteWebAuthnRegistration', { Credential }, options);
}

/** The passkeys of the user who is signed in. */
export async function listPasskeys(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<Passkey[]> {
  const passkeys: Passkey[] = [];
  let next: string | undefined;
  do {
    const answer = await callAsUser(client, 'ListWebAuthnCredentials', { NextToken: next }, options);
    passkeys.push(...structures(answer, 'Credentials').map(passkey));
    next = optionalText(answer, 'NextToken');
  } while (next !== undefined);
  return passkeys;
}

function passkey(answer: Answer): Passkey {
  return {
    id: text(answer, 'CredentialId'),
    name: text(answer, 'FriendlyCredentialName'),
    domain: text(answer, 'RelyingPartyId'),
    createdAt: new Date(Number(answer['CreatedAt']) * 1000),
    transports: texts(answer, 'AuthenticatorTransports'),
  };
}

/** Has the pool forget a passkey of the user who is signed in; the browser still keeps it. */
export async function deletePasskey(
  client: Client,
  id: string,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  await callAsUser(client, 'DeleteWebAuthnCredential', { CredentialId: id }, options);
}

/** How the browser asks for a passkey. */
export interface PasskeyOptions extends CallOptions {
  /**
   * `conditional` has the browser offer passkeys where a form is filled in, in a field with
   * `autocomplete="username webauthn"`, until the user takes one or `signal` ends it.
   */
  mediation?: 'conditional' | 'optional' | 'required';
}

/**
 * Answers a challenge by a passkey, which the browser asks the user for.
 *
 * @example
 * ```ts
 * let next = await signIn(client, { username: 'ann', preferred: 'passkey' });
 * if (next.step === 'passkey') next = await usePasskey(client, next);
 * ```
 */
export async function usePasskey(
  client: Client,
  challenge: PasskeyChallenge,
  options: PasskeyOptions = {},
): Promise<SignInStep> {
  const { mediation, signal } = options;
  const wanted = challenge.options;
  const publicKey = {
    ...wanted,
    challenge: bytes(text(wanted, 'challenge')),
    allowCredentials: credentials(wanted, 'allowCredentials'),
  } as unknown as PublicKeyCredentialRequestOptions;
  const given = await ask((browser) => browser.get({ publicKey, mediation, signal }), signal);
  const response = given.response as AuthenticatorAssertionResponse;
  const credential = written(given, {
    authenticatorData: base64url(response.authenticatorData),
    signature: base64url(response.signature),
    ...(response.userHandle && { userHandle: base64url(response.userHandle) }),
  });
  return respond(client, challenge, { credential }, options);
}

/** What the user gives to the browser, or why there is nothing. */
async function ask(
  question: (browser: CredentialsContainer) => Promise<Credential | null>,
  signal: AbortSignal | undefined,
): Promise<PublicKeyCredential> {
  const browser = globalThis.navigator?.credentials;
  if (!browser || !('PublicKeyCredential' in globalThis)) {
    throw new CognateError('notSupported', 'There are no passkeys here');
  }
  const given = await question(browser).catch((cause: unknown) => {
    if (signal?.aborted) throw new CognateError('aborted', 'The call was ended', { cause });
    throw new CognateError('noPasskey', 'The browser gave no passkey', { cause });
  });
  if (!given) throw new CognateError('noPasskey', 'The browser gave no passkey');
  return given as PublicKeyCredential;
}

/** A credential in the JSON of Web Authentication; `toJSON` is not in every browser. */
function written(credential: PublicKeyCredential, response: Record<string, unknown>): object {
  const { authenticatorAttachment, id, rawId, type } = credential;
  return {
    id,
    rawId: base64url(rawId),
    type,
    ...(authenticatorAttachment && { authenticatorAttachment }),
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: base64url(credential.response.clientDataJSON), ...response },
  };
}

function credentials(options: Answer, name: string): object[] {
  const list = options[name] ?? [];
  if (!Array.isArray(list) || !list.every(isObject)) throw badResponse();
  return list.map((known) => ({ ...known, id: bytes(text(known, 'id')) }));
}

function bytes(base64url: string): Uint8Array {
  try {
    const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw badResponse();
  }
}

function base64url(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
