import { areDependent } from '../engine/index.ts';
import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';
import type { Strategy } from './strategy.ts';

/**
 * Partial order sampling (Yuan, Yang, Gu, "Partial order aware concurrency sampling", CAV 2018): each event gets
 * a random priority when it first becomes possible, the highest happens, and those that it could have raced
 * with draw anew. Samples partial orders more evenly than a walk that is uniform over the next event.
 */
export const partialOrder: Strategy = {
  name: 'partial-order',
  plan: ({ random }) => new PartialOrderPlan(random),
};

class PartialOrderPlan implements Plan {
  readonly #random: () => number;
  readonly #priorities = new Map<number, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  pick(options: readonly Operation[]): number {
    let best = 0;
    let bestPriority = -1;
    options.forEach((operation, index) => {
      const priority = this.#priorityOf(operation);
      if (priority <= bestPriority) return;
      best = index;
      bestPriority = priority;
    });
    this.#redrawRacesOf(options, best);
    return best;
  }

  #priorityOf(operation: Operation): number {
    const known = this.#priorities.get(operation.id);
    if (known !== undefined) return known;
    const drawn = this.#random();
    this.#priorities.set(operation.id, drawn);
    return drawn;
  }

  #redrawRacesOf(options: readonly Operation[], chosen: number): void {
    const happening = options[chosen];
    if (happening === undefined) return;
    for (const operation of options) {
      if (areDependent(operation, happening)) this.#priorities.delete(operation.id);
    }
  }
}
