import {
  type Answer,
  badResponse,
  isObject,
  optionalText,
  structure,
  text,
  texts,
} from './answer.js';
import type { Delivery } from './delivery.js';
import type { rememberDevice } from './device/remember.js';
import type { Session } from './session.js';

/** What the service wants to see again; of no other use. */
export interface ChallengeState {
  /** AWS's name of the challenge. */
  readonly name: string;
  /** Who is signing in, as the service writes it. */
  readonly username: string;
  /** The service's own note about this sign-in; it is valid for a few minutes. */
  readonly session?: string;
}

/** What all challenges have in common. */
interface Pending {
  /** Hand it back as it is. */
  readonly state: ChallengeState;
}

/** A second factor. */
export type MfaMethod = 'sms' | 'email' | 'totp';

/** How a sign-in may begin, where the user may choose. */
export type Factor = 'password' | 'email' | 'sms' | 'passkey';

/** Where a code comes from. */
export type CodeChannel = 'sms' | 'email' | 'totp';

/** The sign-in is complete. */
export interface SignedIn {
  readonly step: 'done';
  /** It is kept already. */
  readonly session: Session;
  /**
   * The pool leaves it to the user whether to ask for a second factor on this device again: ask, and
   * see {@link rememberDevice}.
   */
  readonly mayRemember?: true;
}

/** The password was somebody else's choice: the user has to set a new one. */
export interface NewPasswordChallenge extends Pending {
  readonly step: 'newPassword';
  /** What is known about the user. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Attributes that have to be given with the new password. */
  readonly requiredAttributes: readonly string[];
}

/** The user has to type a code. */
export interface CodeChallenge extends Pending {
  readonly step: 'code';
  /** Where the user finds it: in a message, or in an authenticator app. */
  readonly channel: CodeChannel;
  /** Where it was sent to, masked. */
  readonly delivery?: Delivery;
  /** What the user called the authenticator. */
  readonly deviceName?: string;
}

/** The user has several second factors, and has to choose one. */
export interface SelectMfaChallenge extends Pending {
  readonly step: 'selectMfa';
  /** Those that the user has. */
  readonly choices: readonly MfaMethod[];
}

/** The pool demands a second factor, and the user has none yet. */
export interface SetUpMfaChallenge extends Pending {
  readonly step: 'setUpMfa';
  /** Those that the pool admits and that can be set up on the way in: text messages can't. */
  readonly choices: readonly Exclude<MfaMethod, 'sms'>[];
}

/** The user has to put the secret into an authenticator app, and to type the app's code. */
export interface SetUpTotpChallenge extends Pending {
  readonly step: 'setUpTotp';
  /** The secret, in base32: what a QR code shows as `otpauth://totp/…?secret=`. */
  readonly secret: string;
}

/** The user may choose how to sign in. */
export interface SelectFactorChallenge extends Pending {
  readonly step: 'selectFactor';
  /** Those that the user has and the pool admits. */
  readonly choices: readonly Factor[];
}

/** The user has to type the password. */
export interface PasswordChallenge extends Pending {
  readonly step: 'password';
}

/** The user has to use a passkey. */
export interface PasskeyChallenge extends Pending {
  readonly step: 'passkey';
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A challenge of the pool's own making. */
export interface CustomChallenge extends Pending {
  readonly step: 'custom';
  /** What the pool's trigger says about it. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A challenge that this version does not know. */
export interface OtherChallenge extends Pending {
  readonly step: 'other';
  /** `ChallengeParameters` as they came. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the service wants before it gives tokens. */
export type Challenge =
  | NewPasswordChallenge
  | CodeChallenge
  | SelectMfaChallenge
  | SetUpMfaChallenge
  | SetUpTotpChallenge
  | SelectFactorChallenge
  | PasswordChallenge
  | PasskeyChallenge
  | CustomChallenge
  | OtherChallenge;

/**
 * Where a sign-in stands: switch on `step`. Challenges are plain data: they may wait in a form or in
 * a server's session.
 */
export type SignInStep = SignedIn | Challenge;

/** How each challenge is answered. */
export interface Answers {
  /** With the password of the user's own choice. */
  newPassword: {
    /** The password from now on. */
    newPassword: string;
    /** Those that have to be given, and others that may. */
    attributes?: Record<string, string>;
  };
  /** With what the user typed. */
  code: {
    /** The digits. */
    code: string;
  };
  /** With one of the `choices`. */
  selectMfa: {
    /** Where the code is to come from. */
    choice: MfaMethod;
  };
  /** With one of the `choices`; messages go to the address that is given. */
  setUpMfa:
    | {
        /** An authenticator app; the next step is `setUpTotp`. */
        choice: 'totp';
      }
    | {
        /** Codes by mail. */
        choice: 'email';
        /** Where to. */
        email: string;
      };
  /** With the code that the app shows. */
  setUpTotp: {
    /** The digits. */
    code: string;
    /** What the user calls the app or the phone. */
    deviceName?: string;
  };
  /** With one of the `choices`. */
  selectFactor:
    | {
        /** The password, which is proven and not sent. */
        choice: 'password';
        /** It. */
        password: string;
      }
    | {
        /** What the service asks for next. */
        choice: 'email' | 'sms' | 'passkey';
      };
  /** With the password. */
  password: {
    /** It; proven and not sent where the service asks so. */
    password: string;
  };
  /** With what the browser gave. */
  passkey: {
    /** What `navigator.credentials.get()` gave, as its `toJSON()` writes it. */
    credential: object;
  };
  /** With what the pool's trigger takes. */
  custom: {
    /** In whatever form it wants. */
    answer: string;
  };
  /** With whatever it takes. */
  other: {
    /** `ChallengeResponses` as AWS describes them; `USERNAME` is added. */
    responses: Record<string, string>;
  };
}

const CAN_SET_UP: Record<string, Exclude<MfaMethod, 'sms'>> = {
  EMAIL_OTP: 'email',
  SOFTWARE_TOKEN_MFA: 'totp',
};

/** The methods of MFA by AWS's names. */
export const MFA: Record<string, MfaMethod> = { ...CAN_SET_UP, SMS_MFA: 'sms' };

/** First factors by AWS's names. */
export const FACTORS: Record<string, Factor> = {
  PASSWORD: 'password',
  PASSWORD_SRP: 'password',
  EMAIL_OTP: 'email',
  SMS_OTP: 'sms',
  WEB_AUTHN: 'passkey',
};

const CHANNELS: Record<string, CodeChannel> = { ...MFA, SMS_OTP: 'sms' };

/** The challenge that an answer holds. */
export function challenge(answer: Answer, typed: string): Challenge {
  const name = text(answer, 'ChallengeName');
  const session = optionalText(answer, 'Session');
  const parameters = textsByName(structure(answer, 'ChallengeParameters') ?? {});
  const username = parameters['USER_ID_FOR_SRP'] ?? parameters['USERNAME'] ?? typed;
  const state: ChallengeState = { name, username, ...(session !== undefined && { session }) };
  const channel = Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : undefined;
  if (channel) return codeChallenge(state, channel, parameters);
  switch (name) {
    case 'NEW_PASSWORD_REQUIRED':
      return newPassword(state, parameters);
    case 'SELECT_MFA_TYPE':
      return { step: 'selectMfa', choices: named(MFA, list(parameters['MFAS_CAN_CHOOSE'])), state };
    case 'MFA_SETUP':
      return { step: 'setUpMfa', choices: named(CAN_SET_UP, list(parameters['MFAS_CAN_SETUP'])), state };
    case 'SELECT_CHALLENGE':
      return { step: 'selectFactor', choices: named(FACTORS, texts(answer, 'AvailableChallenges')), state };
    case 'PASSWORD':
    case 'PASSWORD_SRP':
      return { step: 'password', state };
    case 'WEB_AUTHN':
      return { step: 'passkey', options: json(parameters['CREDENTIAL_REQUEST_OPTIONS']), state };
    case 'CUSTOM_CHALLENGE':
      return { step: 'custom', parameters, state };
    default:
      return { step: 'other', parameters, state };
  }
}

function codeChallenge(
  state: ChallengeState,
  channel: CodeChannel,
  parameters: Record<string, string>,
): CodeChallenge {
  const destination = parameters['CODE_DELIVERY_DESTINATION'];
  const deviceName = parameters['FRIENDLY_DEVICE_NAME'];
  return {
    step: 'code',
    channel,
    ...(destination && {
      delivery: { destination, medium: channel === 'sms' ? 'SMS' : 'EMAIL' },
    }),
    ...(deviceName && { deviceName }),
    state,
  };
}

function newPassword(
  state: ChallengeState,
  parameters: Record<string, string>,
): NewPasswordChallenge {
  const required = list(parameters['requiredAttributes']);
  return {
    step: 'newPassword',
    attributes: textsByName(json(parameters['userAttributes'])),
    requiredAttributes: required.map((name) => name.replace(/^userAttributes\./, '')),
    state,
  };
}

/** What of it is text, as all of it should be. */
function textsByName(answer: Answer): Record<string, string> {
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(answer).filter(isText));
}

function json(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw badResponse();
}

function list(text: string | undefined): string[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  } catch {
    // Told below.
  }
  throw badResponse();
}

/** Our names for AWS's, each once; what has none cannot be chosen. */
function named<Name>(names: Record<string, Name>, list: readonly string[]): Name[] {
  const known = list.filter((name) => Object.hasOwn(names, name));
  return [...new Set(known.flatMap((name) => names[name] ?? []))];
}
