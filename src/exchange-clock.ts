import type { Clock } from './runtime.ts';

/** A `Date` header is cut off to whole seconds, and some time passed since it was written. */
const TOLERANCE_MS = 1_500;
const MS_IN_NS = 1_000_000n;

/**
 * Time for `deadline`s, which Kraken compares with its own clock. Starts as the wall clock of this moment and
 * runs on the monotonic clock, so that a later step of the wall clock does not reach it; set right by the `Date`
 * of a reply that differs by more than 1.5 s. Right to about a second and a half, once there was a reply.
 */
export class ExchangeClock {
  readonly #clock: Clock;
  #offsetMs: number;
  #lastDate: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = Number(clock.wallNs() / MS_IN_NS) - clock.monotonicMs();
  }

  /** Milliseconds since 1970 at the exchange. */
  nowMs(): number {
    return this.#clock.monotonicMs() + this.#offsetMs;
  }

  /** Takes the `Date` header of one of Kraken's replies. */
  observe(date: string | undefined): void {
    if (date === undefined || date === this.#lastDate) return;
    this.#lastDate = date;
    const errorMs = Date.parse(date) + 500 - this.nowMs();
    if (Math.abs(errorMs) > TOLERANCE_MS) this.#offsetMs += errorMs;
  }
}
