import type { Clock } from '../../../src/index.ts';

/** When the clock of a host is set wrong, after its process has started. */
const SKEWED_AFTER_MS = 1_500;

/**
 * The clock of one of several hosts that somebody sets wrong: from then on minutes from the right time, and from
 * each other. Right at first: what a client learns of the exchange's time it learns from the first reply.
 */
export function skewedClock(clock: Clock, process: number): Clock {
  const skewMs = (process % 2 === 0 ? -1 : 1) * (60_000 + 45_000 * process);
  const skewedAtMs = clock.monotonicMs() + SKEWED_AFTER_MS;
  return {
    wallNs: () => clock.wallNs() + (clock.monotonicMs() < skewedAtMs ? 0n : BigInt(skewMs) * 1_000_000n),
    monotonicMs: () => clock.monotonicMs(),
  };
}
