/** What a door reads from the world. `system.ts` supplies the real one. */
export interface DoorWorld {
  /** Nanoseconds since the exchange started; never goes back. Doors onto one exchange share one origin. */
  nowNs(): number;
  readonly timers: DoorTimers;
}

/** Runs something later. */
export interface DoorTimers {
  /** Calls `callback` once after about `delayMs` milliseconds. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Cancels a timer; one that has fired already is ignored. */
  clearTimeout(handle: unknown): void;
}
