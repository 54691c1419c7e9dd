import type { Clock, Runtime, Timers } from '../src/index.ts';

const START_NS = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
const MS_IN_NS = 1_000_000;

/** Turns of the event loop that code without sockets needs to come to rest; undici's streams take a few. */
const TURNS_TO_REST = 8;

interface Timer {
  readonly dueNs: number;
  readonly callback: () => void;
}

/**
 * Client and exchange on one clock that jumps from timer to timer: minutes of waiting take milliseconds, and the
 * same run is the same every time. For code without sockets.
 */
export class VirtualRun implements Runtime {
  #nowNs = 0;
  #lastTimer = 0;
  readonly #timers = new Map<number, Timer>();

  readonly clock: Clock = {
    wallNs: () => START_NS + BigInt(Math.round(this.#nowNs)),
    monotonicMs: () => this.#nowNs / MS_IN_NS,
  };

  readonly timers: Timers = {
    setTimeout: (callback, delayMs) => {
      this.#lastTimer += 1;
      this.#timers.set(this.#lastTimer, { dueNs: this.#nowNs + delayMs * MS_IN_NS, callback });
      return this.#lastTimer;
    },
    clearTimeout: (handle) => {
      this.#timers.delete(handle as number);
    },
  };

  /** Nanoseconds since the run began, for the exchange. */
  nowNs(): number {
    return this.#nowNs;
  }

  /** Moves time on until `promise` settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await this.#rest();
      if (isSettled) return promise;
      this.#fireNext();
    }
  }

  async #rest(): Promise<void> {
    for (let turn = 0; turn < TURNS_TO_REST; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  #fireNext(): void {
    const [first] = [...this.#timers].toSorted(([, a], [, b]) => a.dueNs - b.dueNs);
    if (first === undefined) throw new Error('Nothing is left to wait for, and the run has not ended.');
    const [handle, { callback, dueNs }] = first;
    this.#timers.delete(handle);
    this.#nowNs = Math.max(this.#nowNs, dueNs);
    callback();
  }
}
