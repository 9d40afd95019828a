import { optionalText, structures, text, texts } from './answer.js';
import type { Client } from './client.js';
import { type Delivery, delivery, deliveryIn } from './delivery.js';
import { drop } from './device.js';
import { callAsUser } from './refresh.js';
import { clear, load } from './session.js';
import { attributeList } from './sign_up.js';
import type { CallOptions } from './wire.js';

/** A user as the service knows it now. */
export interface User {
  /** The user's name in the pool. */
  readonly username: string;
  /** Those that the app client may read. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The second factors that are on, as AWS names them. */
  readonly mfa: readonly string[];
}

/** Asks the service about the user who is signed in. */
export async function getUser(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<User> {
  const answer = await callAsUser(client, 'GetUser', {}, options);
  const attributes = structures(answer, 'UserAttributes').map((attribute): [string, string] => [
    text(attribute, 'Name'),
    optionalText(attribute, 'Value') ?? '',
  ]);
  return {
    username: text(answer, 'Username'),
    attributes: Object.fromEntries(attributes),
    mfa: texts(answer, 'UserMFASettingList'),
  };
}

/**
 * Changes attributes of the user who is signed in. Gives where codes were sent to, for those that
 * have to be verified.
 *
 * @example
 * ```ts
 * const [sent] = await updateUserAttributes(client, { email: 'ann@example.org' });
 * if (sent) await verifyUserAttribute(client, { name: 'email', code: await ask(sent.destination) });
 * ```
 */
export async function updateUserAttributes(
  client: Client,
  attributes: Record<string, string>,
  options: CallOptions = {},
): Promise<Delivery[]> {
  const answer = await callAsUser(
    client,
    'UpdateUserAttributes',
    { UserAttributes: attributeList(attributes), ClientMetadata: options.clientMetadata },
    options,
  );
  return structures(answer, 'CodeDeliveryDetailsList').map(delivery);
}

/** Deletes attributes of the user who is signed in. */
export async function deleteUserAttributes(
  client: Client,
  names: readonly string[],
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  await callAsUser(client, 'DeleteUserAttributes', { UserAttributeNames: names }, options);
}

/** Sends a code to an attribute of the user who is signed in: `email` or `phone_number`. */
export async function getUserAttributeVerificationCode(
  client: Client,
  name: string,
  options: CallOptions = {},
): Promise<Delivery | undefined> {
  const answer = await callAsUser(
    client,
    'GetUserAttributeVerificationCode',
    { AttributeName: name, ClientMetadata: options.clientMetadata },
    options,
  );
  return deliveryIn(answer);
}

/** Verifies an attribute with the code that was sent to it. */
export async function verifyUserAttribute(
  client: Client,
  { name, code }: { name: string; code: string },
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  await callAsUser(client, 'VerifyUserAttribute', { AttributeName: name, Code: code }, options);
}

/** Deletes the user who is signed in, for good. */
export async function deleteUser(
  client: Client,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<void> {
  const session = await load(client);
  await callAsUser(client, 'DeleteUser', {}, options);
  if (session) await drop(client, [session.username]);
  await clear(client);
}
