import { planOf } from './sampling.ts';
import type { Plan } from './strategy/plan.ts';
import { ReplayPlan } from './strategy/replay.ts';
import type { Token } from './token/token.ts';

/** The plan that makes the choices of a token again. */
export function tokenPlan({ schedule, setting }: Pick<Token, 'schedule' | 'setting'>): Plan {
  return schedule.kind === 'choices' ? new ReplayPlan(schedule.choices) : planOf(schedule, setting);
}
