// How long may something take that is out of our hands?

/** What the promise gives, or an error if it takes longer. */
export function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  // By hand, since every request comes through here: an error made in advance and a race of promises
  // cost as much as all that the kernel does.
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`nothing came back within ${limitMs} ms`));
    const timer = setTimeout(late, limitMs);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
