import { CognateError } from '../errors.js';
import { type Answer, badResponse, isObject, optionalText, structure, text } from './answer.js';
import {
  type Answers,
  type Challenge,
  challenge,
  type Factor,
  FACTORS,
  MFA,
  type SignInStep,
} from './challenge.js';
import type { Client } from './client.js';
import { type Device, deviceOf, drop, introduce } from './device.js';
import { secretHash } from './secret_hash.js';
import { fromResult, save, type Session } from './session.js';
import { Attempt } from './srp.js';
import { call, type CallOptions } from './wire.js';

/** Who signs in, and how. */
export interface SignInInput {
  /** The user's name, or an address or number that the pool takes in its place. */
  username: string;
  /** The password; without one the user chooses, or the pool asks. */
  password?: string;
  /**
   * - `srp` proves the password without sending it; the default if there is one.
   * - `password` sends it, for pools that still have to learn it.
   * - `choice` lets the user choose among what the pool admits; the default without a password.
   * - `custom` asks what the pool's own triggers want to ask.
   */
  method?: 'srp' | 'password' | 'choice' | 'custom';
  /** What is tried before the user is asked, with `choice`. */
  preferred?: Factor;
  /** What `confirmSignUp` gave: then nothing else is asked. */
  session?: string;
}

/** What is known while a sign-in goes on. */
interface Known {
  username: string;
  password?: string | undefined;
  attempt?: Attempt | undefined;
  /** What the user typed, if that is known. */
  typed?: string | undefined;
  /** Null if none is to be told of. */
  device?: Device | null | undefined;
}

/**
 * Signs a user in. Gives the session, which is kept, or what the service wants to know first: switch
 * on `step`, and answer with {@link respond}.
 *
 * @example
 * ```ts
 * let next = await signIn(client, { username: 'ann', password: 'Passw0rd!' });
 * while (next.step !== 'done') {
 *   switch (next.step) {
 *     case 'newPassword':
 *       next = await respond(client, next, { newPassword: await ask('new password') });
 *       break;
 *     case 'code':
 *       next = await respond(client, next, { code: await ask(`code by ${next.channel}`) });
 *       break;
 *     default:
 *       throw new Error(`this application does not know ${next.step}`);
 *   }
 * }
 * next.session.idClaims.sub;
 * ```
 */
export async function signIn(
  client: Client,
  input: SignInInput,
  options: CallOptions = {},
): Promise<SignInStep> {
  const { username, password } = input;
  const method = input.method ?? (password === undefined ? 'choice' : 'srp');
  if (password === undefined && (method === 'srp' || method === 'password')) {
    throw new CognateError('badOptions', `method ${method} needs a password`);
  }
  const device = await deviceOf(client, username);
  try {
    return await begin(client, { ...input, method, device }, options);
  } catch (error) {
    if (!isUnknownDevice(error)) throw error;
    await drop(client, [username]);
    return begin(client, { ...input, method, device: null }, options);
  }
}

/** An administrator may have had the service forget the device, or it forgot it with the user. */
function isUnknownDevice(error: unknown): boolean {
  if (!(error instanceof CognateError)) return false;
  return error.code === 'resourceNotFound' && /device/i.test(error.message);
}

type Method = NonNullable<SignInInput['method']>;

async function begin(
  client: Client,
  input: SignInInput & { method: Method; device: Device | null | undefined },
  options: CallOptions,
): Promise<SignInStep> {
  const { username, password, method, device } = input;
  const isProof = password !== undefined && method !== 'password';
  const attempt = isProof && input.session === undefined ? await Attempt.begin(client) : undefined;
  const answer = await call(
    client,
    'InitiateAuth',
    {
      AuthFlow: FLOWS[method],
      AuthParameters: {
        ...parameters(input, method, attempt),
        ...(device && { DEVICE_KEY: device.key }),
        ...(await secretHash(client, username)),
      },
      ClientId: client.clientId,
      ClientMetadata: options.clientMetadata,
      Session: input.session,
    },
    options,
  );
  return advance(client, answer, { username, password, attempt, typed: username, device }, options);
}

const FLOWS = {
  srp: 'USER_SRP_AUTH',
  password: 'USER_PASSWORD_AUTH',
  choice: 'USER_AUTH',
  custom: 'CUSTOM_AUTH',
};

function parameters(
  { username: USERNAME, password, preferred }: SignInInput,
  method: keyof typeof FLOWS,
  attempt: Attempt | undefined,
): Record<string, string> {
  const wanted = preferred ?? (password === undefined ? undefined : 'password');
  return {
    USERNAME,
    ...(method === 'password' && password !== undefined && { PASSWORD: password }),
    ...(method === 'custom' && attempt && { CHALLENGE_NAME: 'SRP_A' }),
    ...(method === 'choice' && wanted && { PREFERRED_CHALLENGE: factorName(wanted) }),
    ...(attempt && { SRP_A: attempt.publicA }),
  };
}

/** AWS's name of a factor; passwords are proven. */
function factorName(factor: Factor): string {
  if (factor === 'password') return 'PASSWORD_SRP';
  return Object.keys(FACTORS).find((name) => FACTORS[name] === factor) ?? factor;
}

/** Answers what needs no user, until the user is needed or there are tokens. */
async function advance(
  client: Client,
  answer: Answer,
  known: Known,
  options: CallOptions,
): Promise<SignInStep> {
  const result = structure(answer, 'AuthenticationResult');
  if (result) {
    const session = fromResult(result);
    await save(client, session);
    return { step: 'done', session, ...(await greet(client, { session, result, known }, options)) };
  }
  const name = text(answer, 'ChallengeName');
  if (!/^(PASSWORD_VERIFIER|DEVICE_.+)$/.test(name)) return challenge(answer, known.username);
  const proof = await prove(client, answer, known);
  const { username } = proof.known;
  const session = optionalText(answer, 'Session');
  const response = { name, username, session, responses: proof.responses };
  return send(client, response, proof.known, options);
}

interface Proof {
  responses: Record<string, string>;
  known: Known;
}

/** Proves the password, or that this is a device that the user signed in with before. */
async function prove(client: Client, answer: Answer, known: Known): Promise<Proof> {
  const parameters = structure(answer, 'ChallengeParameters') ?? {};
  const { username, attempt, password, typed, device } = known;
  const name = answer['ChallengeName'];
  // Whoever asks for a second proof is not the service.
  if (name === 'PASSWORD_VERIFIER' && attempt && password !== undefined) {
    const userId = text(parameters, 'USER_ID_FOR_SRP');
    const { poolName } = client.inner;
    const responses = await attempt.prove({ poolName, userId, password }, parameters);
    const real = optionalText(parameters, 'USERNAME') ?? userId;
    return { responses, known: { username: real, typed, device } };
  }
  if (name === 'DEVICE_SRP_AUTH' && !attempt && device) {
    const fresh = await Attempt.begin(client);
    return { responses: { SRP_A: fresh.publicA }, known: { ...known, attempt: fresh } };
  }
  if (name === 'DEVICE_PASSWORD_VERIFIER' && attempt && device) {
    const { key, groupKey, password } = device;
    const responses = await attempt.prove({ poolName: groupKey, userId: key, password }, parameters);
    const last = { username, typed, device: null };
    return { responses: { ...responses, DEVICE_KEY: key }, known: last };
  }
  throw badResponse();
}

/** A device that is new to the pool gets to know it. */
async function greet(
  client: Client,
  { session, result, known }: { session: Session; result: Answer; known: Known },
  options: CallOptions,
): Promise<{ mayRemember?: true }> {
  const metadata = result['NewDeviceMetadata'];
  if (!isObject(metadata)) return {};
  const typed = known.typed ?? session.username;
  try {
    if (await introduce(client, { session, metadata, typed }, options)) return { mayRemember: true };
  } catch {
    // It costs nobody the sign-in: the device is new again the next time.
  }
  return {};
}

interface Response {
  name: string;
  username: string;
  session: string | undefined;
  responses: Record<string, string>;
}

async function send(
  client: Client,
  { name, username, session, responses }: Response,
  given: Known,
  options: CallOptions,
): Promise<SignInStep> {
  const { device = (await deviceOf(client, username)) ?? null } = given;
  const known = { ...given, device };
  const answer = await call(
    client,
    'RespondToAuthChallenge',
    {
      ChallengeName: name,
      ClientId: client.clientId,
      Session: session,
      ChallengeResponses: {
        USERNAME: username,
        ...(device && { DEVICE_KEY: device.key }),
        ...responses,
        ...(await secretHash(client, username)),
      },
      ClientMetadata: options.clientMetadata,
    },
    options,
  );
  return advance(client, answer, known, options);
}

/**
 * Answers a challenge. After a wrong code, answer the same challenge again.
 *
 * @example
 * ```ts
 * if (next.step === 'code') next = await respond(client, next, { code: '123456' });
 * ```
 */
export async function respond<Given extends Challenge>(
  client: Client,
  given: Given,
  answer: Answers[Given['step']],
  options: CallOptions = {},
): Promise<SignInStep> {
  const { name, username, session } = given.state;
  const responses = async (
    responses: Record<string, string>,
    known: Omit<Known, 'username'> = {},
  ): Promise<SignInStep> =>
    send(client, { name, username, session, responses }, { username, ...known }, options);
  // The pair is right by the signature, which the compiler cannot see in here.
  const pair = { step: given.step, ...answer } as Pair;
  switch (pair.step) {
    case 'newPassword':
      return responses({ NEW_PASSWORD: pair.newPassword, ...prefixed(pair.attributes) });
    case 'code':
      return responses({ [`${name}_CODE`]: pair.code });
    case 'selectMfa':
      return responses({ ANSWER: mfaName(pair.choice) });
    case 'setUpMfa':
      return pair.choice === 'totp'
        ? startTotp(client, given, options)
        : responses({ EMAIL: pair.email });
    case 'setUpTotp':
      return finishTotp(client, given, pair, options);
    case 'selectFactor':
      return pair.choice === 'password'
        ? proveChosen(client, pair.password, 'PASSWORD_SRP', responses)
        : responses({ ANSWER: factorName(pair.choice) });
    case 'password':
      return name === 'PASSWORD_SRP'
        ? proveChosen(client, pair.password, undefined, responses)
        : responses({ PASSWORD: pair.password });
    case 'passkey':
      return responses({ CREDENTIAL: JSON.stringify(pair.credential) });
    case 'custom':
      return responses({ ANSWER: pair.answer });
    case 'other':
      return responses(pair.responses);
  }
}

type Pair = { [Step in keyof Answers]: { step: Step } & Answers[Step] }[keyof Answers];

function prefixed(attributes: Record<string, string> = {}): Record<string, string> {
  const entries = Object.entries(attributes);
  return Object.fromEntries(entries.map(([name, value]) => [`userAttributes.${name}`, value]));
}

function mfaName(method: string): string {
  return Object.keys(MFA).find((name) => MFA[name] === method) ?? method;
}

async function proveChosen(
  client: Client,
  password: string,
  choice: string | undefined,
  responses: (
    responses: Record<string, string>,
    known: Omit<Known, 'username'>,
  ) => Promise<SignInStep>,
): Promise<SignInStep> {
  const attempt = await Attempt.begin(client);
  const chosen = choice !== undefined && { ANSWER: choice };
  return responses({ ...chosen, SRP_A: attempt.publicA }, { attempt, password });
}

async function startTotp(
  client: Client,
  { state }: Challenge,
  options: CallOptions,
): Promise<SignInStep> {
  const answer = await call(
    client,
    'AssociateSoftwareToken',
    { Session: state.session },
    options,
  );
  const session = optionalText(answer, 'Session') ?? state.session;
  return {
    step: 'setUpTotp',
    secret: text(answer, 'SecretCode'),
    state: { ...state, ...(session !== undefined && { session }) },
  };
}

async function finishTotp(
  client: Client,
  { state }: Challenge,
  { code, deviceName }: { code: string; deviceName?: string },
  options: CallOptions,
): Promise<SignInStep> {
  const { name, username } = state;
  const answer = await call(
    client,
    'VerifySoftwareToken',
    { Session: state.session, UserCode: code, FriendlyDeviceName: deviceName },
    options,
  );
  if (text(answer, 'Status') !== 'SUCCESS') {
    throw new CognateError('codeMismatch', 'The code is wrong');
  }
  const session = optionalText(answer, 'Session') ?? state.session;
  return send(client, { name, username, session, responses: {} }, { username }, options);
}
