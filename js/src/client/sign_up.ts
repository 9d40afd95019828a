import { badResponse, optionalText, text } from './answer.js';
import type { Client } from './client.js';
import { type Delivery, deliveryIn } from './delivery.js';
import { secretHashMember } from './secret_hash.js';
import { call, type CallOptions } from './wire.js';

/** Who signs up. */
export interface SignUpInput {
  /** What the user will sign in with. */
  username: string;
  /** The password; may be left out where the pool lets users sign in without. */
  password?: string;
  /** Such as `{ email: 'ann@example.com', 'custom:plan': 'free' }`. */
  attributes?: Record<string, string>;
  /** What the trigger before the sign-up is told beside; it is not kept. */
  validationData?: Record<string, string>;
}

/** A new user. */
export interface SignedUp {
  /** The user's id: `sub` in tokens. */
  readonly sub: string;
  /** Whether the user may sign in at once, without {@link confirmSignUp}. */
  readonly confirmed: boolean;
  /** Where the code was sent to, if one was. */
  readonly delivery?: Delivery;
  /** For {@link confirmSignUp}, where the pool lets users go on to sign in without another proof. */
  readonly session?: string;
}

/** The code that a new user received. */
export interface ConfirmSignUpInput {
  /** The name that signed up. */
  username: string;
  /** The code. */
  code: string;
  /** Takes an address over from another user who has it verified. */
  forceAliasCreation?: boolean;
  /** What {@link signUp} gave. */
  session?: string;
}

/** A user who may sign in. */
export interface Confirmed {
  /** Lets {@link signIn} go without another proof, where the pool admits that. */
  readonly session?: string;
}

/** Attributes as AWS lists them. */
export function attributeList(
  attributes: Record<string, string> | undefined,
): { Name: string; Value: string }[] | undefined {
  return attributes && Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

/**
 * Makes a new user.
 *
 * @example
 * ```ts
 * const { confirmed } = await signUp(client, {
 *   username: 'ann',
 *   password: 'Passw0rd!',
 *   attributes: { email: 'ann@example.com' },
 * });
 * ```
 */
export async function signUp(
  client: Client,
  input: SignUpInput,
  options: CallOptions = {},
): Promise<SignedUp> {
  const answer = await call(
    client,
    'SignUp',
    {
      ClientId: client.clientId,
      Username: input.username,
      Password: input.password,
      UserAttributes: attributeList(input.attributes),
      ValidationData: attributeList(input.validationData),
      ClientMetadata: options.clientMetadata,
      ...(await secretHashMember(client, input.username)),
    },
    options,
  );
  const confirmed = answer['UserConfirmed'];
  if (typeof confirmed !== 'boolean') throw badResponse();
  const [sent, session] = [deliveryIn(answer), optionalText(answer, 'Session')];
  return {
    sub: text(answer, 'UserSub'),
    confirmed,
    ...(sent && { delivery: sent }),
    ...(session !== undefined && { session }),
  };
}

/**
 * Confirms a new user with the code that was sent.
 *
 * @example
 * ```ts
 * await confirmSignUp(client, { username: 'ann', code: '123456' });
 * ```
 */
export async function confirmSignUp(
  client: Client,
  input: ConfirmSignUpInput,
  options: CallOptions = {},
): Promise<Confirmed> {
  const answer = await call(
    client,
    'ConfirmSignUp',
    {
      ClientId: client.clientId,
      Username: input.username,
      ConfirmationCode: input.code,
      ForceAliasCreation: input.forceAliasCreation,
      Session: input.session,
      ClientMetadata: options.clientMetadata,
      ...(await secretHashMember(client, input.username)),
    },
    options,
  );
  const session = optionalText(answer, 'Session');
  return session === undefined ? {} : { session };
}

/** Sends a new user another code. Gives where to, if the service says so. */
export async function resendConfirmationCode(
  client: Client,
  { username }: { username: string },
  options: CallOptions = {},
): Promise<Delivery | undefined> {
  const answer = await call(
    client,
    'ResendConfirmationCode',
    {
      ClientId: client.clientId,
      Username: username,
      ClientMetadata: options.clientMetadata,
      ...(await secretHashMember(client, username)),
    },
    options,
  );
  return deliveryIn(answer);
}
