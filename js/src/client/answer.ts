import { CognateError } from '../errors.js';

/** An answer of the service's or a part of one: nothing of it is known to be as it should. */
export type Answer = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function badResponse(): CognateError {
  return new CognateError('badResponse', 'The answer is not one that the service would give');
}

/** A member that must be a text. */
export function text(answer: Answer, name: string): string {
  const value = optionalText(answer, name);
  if (value === undefined) throw badResponse();
  return value;
}

/** A member that is a text or not there. */
export function optionalText(answer: Answer, name: string): string | undefined {
  const value = answer[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw badResponse();
}

/** A member that is a structure or not there. */
export function structure(answer: Answer, name: string): Answer | undefined {
  const value = answer[name] ?? undefined;
  if (value === undefined || isObject(value)) return value;
  throw badResponse();
}

/** A member that is a list of structures, empty if it is not there. */
export function structures(answer: Answer, name: string): readonly Answer[] {
  return list(answer, name, isObject);
}

/** A member that is a list of texts, empty if it is not there. */
export function texts(answer: Answer, name: string): readonly string[] {
  return list(answer, name, (item) => typeof item === 'string');
}

function list<Item>(
  answer: Answer,
  name: string,
  isItem: (item: unknown) => item is Item,
): readonly Item[] {
  const value = answer[name] ?? [];
  if (Array.isArray(value) && value.every(isItem)) return value;
  throw badResponse();
}
