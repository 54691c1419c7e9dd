import type { AdapterTimers } from '../world.ts';

/** The waits of one door, which can all be cut short when it closes. */
export class CancellableDelays {
  readonly #timers: AdapterTimers;
  /** Every wait under way: its timer, and what ends it. */
  readonly #pending = new Map<object, () => void>();
  #over = false;

  constructor(timers: AdapterTimers) {
    this.#timers = timers;
  }

  /** Resolves after about `delayMs` milliseconds, or as soon as {@link endAll} is called. */
  wait(delayMs: number): Promise<void> {
    if (this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      const token = {};
      const handle = this.#timers.setTimeout(() => this.#pending.get(token)?.(), delayMs);
      this.#pending.set(token, () => {
        this.#pending.delete(token);
        this.#timers.clearTimeout(handle);
        resolve();
      });
    });
  }

  /** Ends every wait now, and all to come at once. */
  endAll(): void {
    this.#over = true;
    for (const end of this.#pending.values()) end();
  }
}
