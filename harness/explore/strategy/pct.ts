import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';
import type { ScheduleSketch, Strategy } from './strategy.ts';

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with
 * probabilistic guarantees of finding bugs", ASPLOS 2010): each actor gets a random priority, the highest that
 * can act acts, and at `depth - 1` random moments the one that would act falls below all others. Keeps at one
 * thing for long, and so finds what needs a slow holder, which a uniform draw all but never lets happen.
 *
 * Departures: an actor is an account, the exchange's work for an account, or all timers together, rather than a
 * thread, and moments are counted in choice points.
 */
export function pct(depth: number): PctStrategy {
  return { name: `pct-${depth}`, depth, plan: (sketch) => new PctPlan(depth, sketch) };
}

/** A strategy that can say how much it is likely to have missed. */
export interface PctStrategy extends Strategy {
  readonly depth: number;
}

/**
 * The least probability with which one schedule of {@link pct} finds a defect of that depth among `actors`
 * actors and `length` choice points: 1 / (actors * length^(depth - 1)), by the theorem of the paper.
 */
export function pctBound(depth: number, sketch: Pick<ScheduleSketch, 'length' | 'actors'>): number {
  return 1 / (sketch.actors * sketch.length ** (depth - 1));
}

class PctPlan implements Plan {
  readonly #random: () => number;
  /** By actor. Initial ones are at least 1; those given at a change are below 1, each lower than the last. */
  readonly #priorities: number[] = [];
  readonly #changes: number[];
  #point = 0;
  #lowest = 1;

  constructor(depth: number, sketch: ScheduleSketch) {
    this.#random = sketch.random;
    this.#changes = Array.from({ length: depth - 1 }, () => Math.floor(sketch.random() * sketch.length));
  }

  pick(options: readonly Operation[]): number {
    if (options.length > 1) {
      if (this.#changes.includes(this.#point)) this.#demote(options[this.#highest(options)]);
      this.#point += 1;
    }
    return this.#highest(options);
  }

  #demote(operation: Operation | undefined): void {
    if (operation === undefined) return;
    this.#lowest /= 2;
    this.#priorities[operation.actor] = this.#lowest;
  }

  #highest(options: readonly Operation[]): number {
    let best = 0;
    let bestPriority = -1;
    for (let index = 0; index < options.length; index += 1) {
      const priority = this.#priorityOf(options[index]);
      if (priority > bestPriority) {
        best = index;
        bestPriority = priority;
      }
    }
    return best;
  }

  #priorityOf(operation: Operation | undefined): number {
    if (operation === undefined) return -1;
    return (this.#priorities[operation.actor] ??= 1 + this.#random());
  }
}
