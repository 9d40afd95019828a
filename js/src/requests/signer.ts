import { type Answer, badResponse, structure, text } from '../client/answer.js';

/** Whoever signed a request: somebody who has a role for a while. */
export interface Signer {
  /** `arn:aws:sts::{account}:assumed-role/{role}/{session}`. */
  readonly arn: string;
  /** The role. */
  readonly roleArn: string;
  /** What the session is called. */
  readonly sessionName: string;
  /** The identity, if it is one of an identity pool's. */
  readonly identityId: string | undefined;
  /** Its pool. */
  readonly identityPoolId: string | undefined;
  /** Whether nobody vouched for the identity. */
  readonly isGuest: boolean;
  /** What policies may ask about whoever it is, by the names of condition keys. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
  /** The tags of the session. */
  readonly tags: Readonly<Record<string, string>>;
  /** When the credentials were issued. */
  readonly issuedAt: Date;
  /** Until when they are good. */
  readonly expiresAt: Date;
}

/** What the service said of a signer. */
export function signerOf(answer: Answer): Signer {
  const told = structure(answer, 'Signer') ?? {};
  const facts = members(told, 'Facts', isTexts);
  const fact = (name: string): readonly string[] =>
    facts[`cognito-identity.amazonaws.com:${name}`] ?? [];
  return {
    arn: text(told, 'Arn'),
    roleArn: text(told, 'RoleArn'),
    sessionName: text(told, 'RoleSessionName'),
    identityId: fact('sub')[0],
    identityPoolId: fact('aud')[0],
    isGuest: fact('amr').includes('unauthenticated'),
    facts,
    tags: members(told, 'Tags', isText),
    issuedAt: date(told, 'IssueDate'),
    expiresAt: date(told, 'ExpirationDate'),
  };
}

/** The members of a structure that are of that kind. */
function members<Kind>(
  told: Answer,
  name: string,
  is: (value: unknown) => value is Kind,
): Record<string, Kind> {
  const all = Object.entries(structure(told, name) ?? {});
  const isMember = (member: [string, unknown]): member is [string, Kind] => is(member[1]);
  return Object.fromEntries(all.filter(isMember));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function date(told: Answer, name: string): Date {
  const seconds = told[name];
  if (typeof seconds !== 'number') throw badResponse();
  return new Date(seconds * 1000);
}
