/** What a door reads from the world. `system.ts` supplies the real one. */
export interface AdapterWorld {
  /** Nanoseconds since the exchange started; never goes back. Doors onto one exchange share one origin. */
  nowNs(): number;
  readonly timers: AdapterTimers;
}

/** Runs something later. */
export interface AdapterTimers {
  /** Calls `callback` once after about `delayMs` milliseconds. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Cancels a timer; one that has fired already is ignored. */
  clearTimeout(handle: unknown): void;
}
