import { AsyncResource } from 'node:async_hooks';
import type { Clock, TimerHandle, Timers } from '../../../src/index.ts';

const MS_NS = 1_000_000;

/** Wall-clock time at which every world begins: 2026-01-01T00:00Z. */
export const WORLD_EPOCH_MS: number = Date.UTC(2026, 0, 1);

const EPOCH_NS = BigInt(WORLD_EPOCH_MS) * BigInt(MS_NS);

/** Node fires what is due later than this at once, and never earlier than after a millisecond. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** A timer of the client's. */
export class VirtualTimer {
  readonly number: number;
  readonly dueNs: number;
  readonly #callback: () => void;
  /** Callbacks run in the async context of whoever set the timer, as in Node. */
  readonly #context = new AsyncResource('VirtualTimer', MANUAL);

  constructor(number: number, dueNs: number, callback: () => void) {
    this.number = number;
    this.dueNs = dueNs;
    this.#callback = callback;
  }

  fire(): void {
    this.#context.runInAsyncScope(this.#callback);
  }
}

/** Spares the process a finalizer for each timer; nobody listens for the end of these resources. */
const MANUAL = { requireManualDestroy: true };

/**
 * The clock and the timers of one world. Time moves in two ways only: it jumps to a timer's due time when the
 * schedule lets that timer fire, and it creeps on by a step with every other event that runs code of the
 * client's, but never as far as the next timer. So timers fire in the order in which they fall due, as they do
 * in Node, and a clock never reads a time at which a timer should have fired that has not.
 */
export class VirtualTime implements Clock, Timers {
  readonly #stepNs: number;
  /** In the order in which they fire. */
  readonly #timers: VirtualTimer[] = [];
  #nowNs = 0;
  #timersMade = 0;
  /** When the last timer fired; 0 before. Limits on latency count from here: steps are too small to matter. */
  #firedNs = 0;

  constructor(stepNs: number) {
    this.#stepNs = stepNs;
  }

  /** Nanoseconds since the world began. */
  get nowNs(): number {
    return this.#nowNs;
  }

  get firedNs(): number {
    return this.#firedNs;
  }

  wallNs(): bigint {
    return EPOCH_NS + BigInt(this.#nowNs);
  }

  monotonicMs(): number {
    return this.#nowNs / MS_NS;
  }

  setTimeout(callback: () => void, delayMs: number): VirtualTimer {
    const delay = delayMs >= 1 && delayMs <= DELAY_MS_MAX ? delayMs : 1;
    const dueNs = this.#nowNs + Math.ceil(delay * MS_NS);
    const timer = new VirtualTimer((this.#timersMade += 1), dueNs, callback);
    let place = this.#timers.length;
    while (place > 0 && (this.#timers[place - 1]?.dueNs ?? 0) > dueNs) place -= 1;
    this.#timers.splice(place, 0, timer);
    return timer;
  }

  clearTimeout(handle: TimerHandle): void {
    const place = this.#timers.indexOf(handle as VirtualTimer);
    if (place >= 0) this.#timers.splice(place, 1);
  }

  /** The timer that fires next; `undefined` without timers. */
  next(): VirtualTimer | undefined {
    return this.#timers[0];
  }

  /** Jumps to the next timer and lets it fire. */
  fireNext(): void {
    const timer = this.#timers.shift();
    if (timer === undefined) return;
    this.#nowNs = Math.max(this.#nowNs, timer.dueNs);
    this.#firedNs = this.#nowNs;
    timer.fire();
  }

  /** Lets an event take its moment, or half of what is left until the next timer. */
  creep(): void {
    const leftNs = (this.#timers[0]?.dueNs ?? Number.POSITIVE_INFINITY) - this.#nowNs;
    this.#nowNs += Math.min(this.#stepNs, Math.max(0, Math.floor(leftNs / 2)));
  }
}
