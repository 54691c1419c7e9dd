/**
 * The real functions that the exploration itself needs, taken before any of them is replaced for a client. The
 * one file of this folder that touches them.
 */
const { setImmediate: realSetImmediate, performance: realPerformance } = globalThis;

/** Calls back when no microtask can run any more. */
export function realBarrier(quiescent: () => void): void {
  realSetImmediate(quiescent);
}

const now = realPerformance.now.bind(realPerformance);

/** Monotonic milliseconds of the host. */
export function realNowMs(): number {
  return now();
}
