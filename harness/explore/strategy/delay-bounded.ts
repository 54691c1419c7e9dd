import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';
import type { Strategy } from './strategy.ts';

/**
 * Delay bounding (Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling", POPL 2011): the default schedule, but for
 * at most `delays` decisions at random choice points, each of which lets any other event go first. Most defects
 * need one or two.
 */
export function delayBounded(delays: number): Strategy {
  return {
    name: `delay-${delays}`,
    plan: ({ random, length }) => {
      const points = Array.from({ length: delays }, () => Math.floor(random() * length));
      return new DelayPlan(points, random);
    },
  };
}

class DelayPlan implements Plan {
  readonly #points: readonly number[];
  readonly #random: () => number;
  #point = 0;

  constructor(points: readonly number[], random: () => number) {
    this.#points = points;
    this.#random = random;
  }

  pick(options: readonly Operation[]): number {
    if (options.length === 1) return 0;
    const isDelayed = this.#points.includes(this.#point);
    this.#point += 1;
    return isDelayed ? 1 + Math.floor(this.#random() * (options.length - 1)) : 0;
  }
}
