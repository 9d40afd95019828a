import type { Store } from './store/store.js';

/** A message to a person. */
export interface Delivery {
  /** By mail, or as a text message. */
  medium: 'EMAIL' | 'SMS';
  /** An e-mail address, or a phone number in E.164. */
  destination: string;
  /** Text messages have none. */
  subject: string | null;
  /** The text. */
  body: string;
  /** The code or the temporary password in the text, on its own. */
  code: string;
  /** What the message is for, such as `SignUp` or `ForgotPassword`. */
  reason: string;
  /** The pool of the user. */
  userPoolId: string;
  /** The app client through which it was asked for, if any. */
  clientId: string | null;
  /** Whom it is for. */
  username: string;
}

/** An access key as AWS's SDKs take it. */
export interface Credentials {
  /** What names the key. */
  accessKeyId: string;
  /** What requests are signed with. */
  secretAccessKey: string;
}

/**
 * A function behind a trigger, such as `PreSignUp`: as Lambda would run it, it is given an event, and
 * returns it with its response filled in. What it throws is told to whoever called the service.
 */
export type TriggerFunction = (event: any) => unknown;

/** How to run the service. */
export interface OpenOptions {
  /** Where records are kept; by default in memory only. */
  store?: Store;
  /** What {@link Cognate.snapshot} gave: the records to begin with, if the store has none. */
  snapshot?: Uint8Array;
  /** The administrator's credentials; by default those of development, for local hosts only. */
  credentials?: Credentials;
  /** 64 hexadecimal digits from which all keys at rest are derived; by default known to everybody. */
  rootKey?: string;
  /** The URL under which the service is known; by default the one that a request comes to. */
  publicUrl?: string;
  /**
   * The header in which a server or a proxy says from which address a request comes; whatever it says
   * is believed. By default nobody knows.
   */
  addressHeader?: string;
  /** `aws` has tokens name Amazon's own issuer. */
  issuer?: 'aws';
  /** Hands messages to people; by default they land in the outbox, `/_cognate/outbox.json`. */
  deliver?: (delivery: Delivery) => void | Promise<void>;
  /**
   * The functions behind triggers, by their ARNs or by their names. Pools name them in their
   * `LambdaConfig`; each may take five seconds.
   */
  functions?: Record<string, TriggerFunction>;
  /** Takes lines for the operator; by default `console.error`. */
  log?: (line: string) => void;
  /**
   * The package's `kernel.wasm`, or where it is, for bundlers that do not bring it along by
   * themselves (esbuild): it is exported as `cognate/kernel/kernel.wasm`.
   */
  wasm?: string | URL | WebAssembly.Module;
}
