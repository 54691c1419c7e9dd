import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';
import type { ScheduleSketch } from './strategy.ts';

/**
 * Deals faults to a strategy that knows of none: one to `faultsMax` of them, at random choice points, of a random
 * kind. With `faultsMax` 0 it only keeps them from the strategy.
 */
export function dealFaults(plan: Plan, faultsMax: number, sketch: ScheduleSketch): Plan {
  return new FaultDealer(plan, faultsMax, sketch);
}

class FaultDealer implements Plan {
  readonly #plan: Plan;
  readonly #random: () => number;
  /** Choice points from which on a fault is due, in order. */
  readonly #due: number[];
  #point = 0;

  constructor(plan: Plan, faultsMax: number, { random, length }: ScheduleSketch) {
    this.#plan = plan;
    this.#random = random;
    const count = faultsMax === 0 ? 0 : 1 + Math.floor(random() * faultsMax);
    this.#due = Array.from({ length: count }, () => Math.floor(random() * length)).sort((a, b) => a - b);
  }

  pick(options: readonly Operation[]): number {
    const faultsFrom = firstFault(options);
    if (options.length > 1) this.#point += 1;
    if (faultsFrom === options.length) return this.#plan.pick(options);
    const due = this.#due[0];
    if (due === undefined || due >= this.#point) return this.#plan.pick(options.slice(0, faultsFrom));
    this.#due.shift();
    return faultsFrom + Math.floor(this.#random() * (options.length - faultsFrom));
  }
}

/** Faults stand last. */
function firstFault(options: readonly Operation[]): number {
  let first = options.length;
  while (first > 0 && options[first - 1]?.isFault === true) first -= 1;
  return first;
}
