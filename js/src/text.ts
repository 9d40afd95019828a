/** The text of an answer, or nothing if it is longer than may be. */
export async function textOf(response: Response, charsMax: number): Promise<string | undefined> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.length > charsMax) {
      await reader.cancel();
      return undefined;
    }
  }
  return text + decoder.decode();
}
