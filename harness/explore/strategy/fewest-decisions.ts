import type { Operation } from '../engine/index.ts';
import { decisionCount } from '../engine/index.ts';
import type { Choices } from '../engine/index.ts';
import type { Finished, Plan, PlanSource } from './plan.ts';

/** Schedules that are remembered for later; a small world has fewer of one decision, and a large one is not searched. */
const LATER_MAX = 10_000;

/** How far a {@link FewestDecisions} goes. */
export interface FewestDecisionsOptions {
  /** Most decisions in a schedule. Default: no limit. */
  readonly decisionsMax?: number;
}

/**
 * Schedules by their number of decisions: the default one, all of one decision, all of two, and so on, up to some ten
 * thousand. For looking around in a small world.
 *
 * Which schedule comes next depends on nothing but those before it, provided that it is told of runs in the order in
 * which it handed them out.
 */
export class FewestDecisions implements PlanSource {
  readonly #decisionsMax: number;
  readonly #later: Deviation[] = [];
  #handedOut = 0;

  constructor({ decisionsMax = Number.POSITIVE_INFINITY }: FewestDecisionsOptions = {}) {
    this.#decisionsMax = decisionsMax;
  }

  next(): Plan | null {
    const isFirst = this.#handedOut === 0;
    const deviation = this.#later[this.#handedOut - 1];
    if (!isFirst && deviation === undefined) return null;
    this.#handedOut += 1;
    return new ProbePlan(deviation === undefined ? [] : choicesOf(deviation));
  }

  finished({ plan }: Finished<unknown>): void {
    const { decisions, deviations } = plan as ProbePlan;
    const room = LATER_MAX - this.#later.length;
    if (decisions < this.#decisionsMax) this.#later.push(...deviations.slice(0, room));
  }
}

/** Choices up to a point, and another one there. Shares the choices with its siblings. */
interface Deviation {
  readonly choices: Choices;
  readonly point: number;
  readonly choice: number;
}

function choicesOf({ choices, point, choice }: Deviation): Choices {
  return [...choices.slice(0, point), choice];
}

/** Follows a prefix, then the default, and writes down what else could have happened after the prefix. */
class ProbePlan implements Plan {
  readonly decisions: number;
  readonly deviations: Deviation[] = [];
  readonly #prefix: Choices;
  readonly #choices: number[] = [];

  constructor(prefix: Choices) {
    this.decisions = decisionCount(prefix);
    this.#prefix = prefix;
  }

  pick(options: readonly Operation[]): number {
    if (options.length === 1) return 0;
    const point = this.#choices.length;
    if (point >= this.#prefix.length) this.#deviate(point, options.length);
    const choice = this.#prefix[point] ?? 0;
    this.#choices.push(choice);
    return choice;
  }

  #deviate(point: number, options: number): void {
    for (let choice = 1; choice < options; choice += 1)
      this.deviations.push({ choices: this.#choices, point, choice });
  }
}
