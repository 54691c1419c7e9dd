import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';
import type { Strategy } from './strategy.ts';

/** Each possible event with the same probability. What fast-check's scheduler does. */
export const uniform: Strategy = {
  name: 'uniform',
  plan: ({ random }) => new UniformPlan(random),
};

class UniformPlan implements Plan {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick(options: readonly Operation[]): number {
    return Math.floor(this.#random() * options.length);
  }
}
