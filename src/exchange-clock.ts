import type { Clock } from './runtime.ts';

/** What time it is at the exchange. */
export interface ExchangeClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Takes the `Date` header of one of Kraken's replies. */
  observe(date: string | undefined): void;
}

/** A `Date` header is cut off to whole seconds, and some time passed since it was written. */
const TOLERANCE_MS = 1_500;
const MS_IN_NS = 1_000_000n;

/**
 * Time for `deadline`s, which Kraken compares with its own clock. Starts as the wall clock of this moment and
 * runs on the monotonic clock, so that a later step of the wall clock does not reach it; set right by the `Date`
 * of a reply that differs by more than 1.5 s. Right to about a second and a half, once there was a reply.
 */
export function createExchangeClock(clock: Clock): ExchangeClock {
  let offsetMs = Number(clock.wallNs() / MS_IN_NS) - clock.monotonicMs();
  let lastDate: string | undefined;
  return {
    nowMs: () => clock.monotonicMs() + offsetMs,
    observe(date) {
      if (date === undefined || date === lastDate) return;
      lastDate = date;
      const observedMs = Date.parse(date) + 500;
      const errorMs = observedMs - (clock.monotonicMs() + offsetMs);
      if (Math.abs(errorMs) > TOLERANCE_MS) offsetMs += errorMs;
    },
  };
}
