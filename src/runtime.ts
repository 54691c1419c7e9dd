/**
 * What the client reads from the world. Everything here is handed in, so that the same code runs on the
 * real clock and in a simulated world where time only moves when the explorer says so.
 * `system.ts` is the one file that supplies the real ones.
 */

/** Reads the time. */
export interface Clock {
  /**
   * Wall-clock time in nanoseconds since 1970-01-01T00:00Z. It may repeat itself, stand still, step back and
   * jump ahead: whoever needs order must not get it from here alone.
   */
  wallNs(): bigint;
  /** Milliseconds from an arbitrary origin; never goes back. For measuring how long something took. */
  monotonicMs(): number;
}

/** What {@link Timers.setTimeout} returns; opaque. */
export type TimerHandle = unknown;

/** Runs something later. */
export interface Timers {
  /** Calls `callback` once after about `delayMs` milliseconds; the handle cancels it. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** Cancels a timer; a handle that has fired already is ignored. */
  clearTimeout(handle: TimerHandle): void;
}

/** The parts of the world that the client and the lane read. */
export interface Runtime {
  readonly clock: Clock;
  readonly timers: Timers;
}
