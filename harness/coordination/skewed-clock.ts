import type { Clock } from '../../src/index.ts';

/** The clock of one of several hosts that nobody has set: minutes from the right time, and from each other. */
export function skewedClock(clock: Clock, process: number): Clock {
  const skewMs = (process % 2 === 0 ? -1 : 1) * (60_000 + 45_000 * process);
  return {
    wallNs: () => clock.wallNs() + BigInt(skewMs) * 1_000_000n,
    monotonicMs: () => clock.monotonicMs(),
  };
}
