import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';

/**
 * Follows a plan for so many choice points and the default from then on, so that a run in which a poll loop is
 * favoured for ever comes to an end all the same: what starves only because of an unfair schedule is no finding.
 */
export class PatientPlan implements Plan {
  readonly #plan: Plan;
  #pointsLeft: number;

  constructor(plan: Plan, pointsMax: number) {
    this.#plan = plan;
    this.#pointsLeft = pointsMax;
  }

  pick(options: readonly Operation[]): number {
    if (options.length === 1 || this.#pointsLeft === 0) return 0;
    this.#pointsLeft -= 1;
    return this.#plan.pick(options);
  }
}
