/** Runs one body after the other, first come, first served. */
export type Mutex = <T>(body: () => Promise<T>) => Promise<T>;

/** A correct lock, for clients that get something else wrong: a promise chain that survives a rejection. */
export function createMutex(): Mutex {
  let tail: Promise<unknown> = Promise.resolve();
  return (body) => {
    const mine = tail.then(body);
    tail = mine.catch(() => undefined);
    return mine;
  };
}
