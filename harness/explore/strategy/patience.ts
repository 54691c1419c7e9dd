import type { Operation } from '../operation.ts';
import type { Plan } from './plan.ts';

/**
 * Follows `plan` for so many choice points and the default from then on, so that a run in which a poll loop is
 * favoured for ever comes to an end all the same: what starves only because of an unfair schedule is no finding.
 */
export function withPatience(plan: Plan, pointsMax: number): Plan {
  let points = 0;
  return {
    pick(options: readonly Operation[]) {
      if (options.length === 1) return 0;
      points += 1;
      return points > pointsMax ? 0 : plan.pick(options);
    },
  };
}
