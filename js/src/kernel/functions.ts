// How is a function behind a trigger run? As Lambda would.

import type { OpenOptions } from './options.js';

/** What Cognito allows. */
const LIMIT_MS = 5_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What the function of that ARN returns, or why it failed, as JSON. */
export async function invoke(
  functions: OpenOptions['functions'],
  { function: arn, trigger }: { function: string; trigger: string },
  event: Uint8Array,
): Promise<Uint8Array> {
  // arn:aws:lambda:<region>:<account>:function:<name>, perhaps with a version.
  const name = arn.split(':')[6] ?? arn;
  const called = [arn, name].find((key) => functions && Object.hasOwn(functions, key));
  const run = called === undefined ? undefined : functions?.[called];
  if (!run) throw new Error(`${trigger} can not be called: functions has no ${name}`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`${trigger} took too long`)), LIMIT_MS);
  });
  try {
    const given = JSON.parse(decoder.decode(event));
    const returned = await Promise.race([(async () => run(given))(), late]);
    return encoder.encode(JSON.stringify(returned) ?? 'null');
  } catch (error) {
    if (error instanceof Late) throw error;
    const { name: errorType = 'Error', message: errorMessage = String(error) } = (error ?? {}) as Error;
    return encoder.encode(JSON.stringify({ errorMessage, errorType }));
  } finally {
    clearTimeout(timer);
  }
}

class Late extends Error {}
