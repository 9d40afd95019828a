// How long may something take that is out of our hands?

/** What the promise gives, or an error if it takes longer. */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const reason = new Error(`nothing came back within ${limitMs} ms`);
    timer = setTimeout(() => reject(reason), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
