import { planOf } from './sampling-source.ts';
import type { Plan } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import type { Token } from './token/index.ts';

/** The plan that makes the choices of a token again. */
export function tokenPlan({ schedule, setting }: Pick<Token, 'schedule' | 'setting'>): Plan {
  return schedule.kind === 'choices' ? new ReplayPlan(schedule.choices) : planOf(schedule, setting);
}
