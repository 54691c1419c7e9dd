import type { Clock, Runtime, TimerHandle, Timers } from './runtime.ts';

/** What waits for longer than this, a timer of Node's fires after 1 ms (Node docs, setTimeout). */
const TIMER_MS_MAX = 2_147_483_647;

/** A clock and timers that move only when a test says so. */
export class ManualRuntime implements Runtime {
  /** Wall clock in nanoseconds; tests may set it, back as well. */
  wall = 1_795_353_736_170_000_000n;
  /** Not 0: sums and differences with a moment of 0 are the same. */
  #nowMs = 86_400_000;
  readonly #timers = new Map<number, { readonly dueMs: number; readonly callback: () => void }>();
  #lastTimer = 0;

  readonly clock: Clock = {
    wallNs: () => this.wall,
    monotonicMs: () => this.#nowMs,
  };

  readonly timers: Timers = {
    setTimeout: (callback, delayMs) => {
      this.#lastTimer += 1;
      const waitMs = delayMs <= TIMER_MS_MAX ? delayMs : 1;
      this.#timers.set(this.#lastTimer, { dueMs: this.#nowMs + waitMs, callback });
      return this.#lastTimer;
    },
    clearTimeout: (handle: TimerHandle) => {
      this.#timers.delete(handle as number);
    },
  };

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass on both clocks and calls every timer that falls due, in order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.dueMs <= untilMs);
      const next = due.sort(([, a], [, b]) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.#nowMs = Math.max(this.#nowMs, next[1].dueMs);
      next[1].callback();
    }
    this.wall += BigInt(ms) * 1_000_000n;
    this.#nowMs = untilMs;
  }
}
