import type { Client } from './client.js';
import { secretHashMember } from './secret_hash.js';
import { call, type CallOptions } from './wire.js';

/** Where a code was sent to, as far as it is told. */
export interface Delivery {
  /** The address or number, masked. */
  readonly destination: string;
  /** How it was sent. */
  readonly medium: 'EMAIL' | 'SMS';
  /** The attribute that holds the address. */
  readonly attribute?: string;
}

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
}

/** The code that a new user received. */
export interface ConfirmSignUpInput {
  /** The name that signed up. */
  username: string;
  /** The code. */
  code: string;
  /** Takes an address over from another user who has it verified. */
  forceAliasCreation?: boolean;
}

/** A user who may sign in. */
export interface Confirmed {
  /** Lets {@link signIn} go without another proof, where the pool admits that. */
  readonly session?: string;
}

/** `CodeDeliveryDetails` as AWS has them. */
export interface CodeDeliveryDetails {
  AttributeName?: string;
  DeliveryMedium?: 'EMAIL' | 'SMS';
  Destination?: string;
}

export function delivery(details: CodeDeliveryDetails | undefined): Delivery | undefined {
  if (details === undefined) return undefined;
  const { AttributeName, DeliveryMedium: medium = 'EMAIL', Destination = '' } = details;
  const attribute = AttributeName === undefined ? {} : { attribute: AttributeName };
  return { destination: Destination, medium, ...attribute };
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
  type Answer = {
    UserSub: string;
    UserConfirmed: boolean;
    CodeDeliveryDetails?: CodeDeliveryDetails;
  };
  const answer = await call<Answer>(
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
  const sent = delivery(answer.CodeDeliveryDetails);
  return {
    sub: answer.UserSub,
    confirmed: answer.UserConfirmed,
    ...(sent && { delivery: sent }),
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
  const { Session } = await call<{ Session?: string }>(
    client,
    'ConfirmSignUp',
    {
      ClientId: client.clientId,
      Username: input.username,
      ConfirmationCode: input.code,
      ForceAliasCreation: input.forceAliasCreation,
      ClientMetadata: options.clientMetadata,
      ...(await secretHashMember(client, input.username)),
    },
    options,
  );
  return Session === undefined ? {} : { session: Session };
}

/** Sends a new user another code. Gives where to, if the service says so. */
export async function resendConfirmationCode(
  client: Client,
  { username }: { username: string },
  options: CallOptions = {},
): Promise<Delivery | undefined> {
  const answer = await call<{ CodeDeliveryDetails?: CodeDeliveryDetails }>(
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
  return delivery(answer.CodeDeliveryDetails);
}
