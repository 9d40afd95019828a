/** HMAC-SHA256 in base64; loaded by servers alone, for pages cannot keep secrets. */
export async function mac(secret: string, text: string): Promise<string> {
  const bytes = (of: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(of);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes(text));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
