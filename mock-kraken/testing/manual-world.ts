import type { AdapterTimers, AdapterWorld } from '../world.ts';

interface ManualTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A world whose time moves only when a test says so. */
export class ManualWorld implements AdapterWorld {
  #nowMs = 0;
  readonly #timers = new Set<ManualTimer>();

  readonly timers: AdapterTimers = {
    setTimeout: (callback, delayMs) => {
      const timer = { dueMs: this.#nowMs + delayMs, callback };
      this.#timers.add(timer);
      return timer;
    },
    clearTimeout: (handle) => void this.#timers.delete(handle as ManualTimer),
  };

  nowNs(): number {
    return this.#nowMs * 1e6;
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass; timers that fall due fire in the order of their times. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.#nowMs = timer.dueMs;
      timer.callback();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): ManualTimer | undefined {
    const due = [...this.#timers].filter((timer) => timer.dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
