// How is a document of an identity provider read? By the runtime's own fetch.

import { bytesOf } from './request.js';

type Bytes = Uint8Array<ArrayBuffer>;

const LIMIT_MS = 5_000;
const BYTES_MAX = 256 * 1024;

/** What is at a URL; a form that is not empty is posted there. */
export async function document(
  { url, authorization }: { url: string; authorization?: string },
  form: Bytes,
): Promise<{ status: number; body: Uint8Array }> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (authorization !== undefined) headers['authorization'] = authorization;
  const isPosted = form.byteLength > 0;
  if (isPosted) headers['content-type'] = 'application/x-www-form-urlencoded';
  const response = await fetch(url, {
    method: isPosted ? 'POST' : 'GET',
    headers,
    body: isPosted ? form : null,
    // Who vouches for somebody does so from where it is known to be.
    redirect: 'manual',
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const body = await bytesOf(response, BYTES_MAX + 1);
  if (body.byteLength > BYTES_MAX) throw new Error(`more than ${BYTES_MAX} bytes came back`);
  return { status: response.status, body };
}
