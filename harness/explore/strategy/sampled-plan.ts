import { createRandom } from '../../random.ts';
import { dealFaults } from './fault-dealer.ts';
import { PatientPlan } from './patience.ts';
import type { Plan } from './plan.ts';
import type { ScheduleSketch, Strategy } from './strategy.ts';

/** What fixes every schedule that is drawn at random. */
export interface SamplerOptions {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly sketch: Omit<ScheduleSketch, 'random'>;
  /** Most faults of one schedule. */
  readonly faultsMax: number;
}

/** Choice points of a schedule, as a multiple of the expected number, after which the default takes over. */
const PATIENCE = 20;

/** A schedule that was drawn. */
export class SampledPlan extends PatientPlan {
  /** It contains no fault; half of them do not, so that faults do not hide what happens without them. */
  readonly isFaultFree: boolean;

  constructor(plan: Plan, facts: { readonly length: number; readonly isFaultFree: boolean }) {
    super(plan, PATIENCE * (facts.length + 10));
    this.isFaultFree = facts.isFaultFree;
  }
}

/** The plan of schedule `index`: the same for the same options, whatever was run before it. */
export function sampledPlan(options: SamplerOptions, index: number): SampledPlan {
  const { strategy, seed, faultsMax } = options;
  const { length, actors } = options.sketch;
  const random = createRandom(scheduleSeed(seed, index));
  const isFaultFree = faultsMax === 0 || random() < 0.5;
  const sketch = { length, actors, random };
  const plan = strategy.plan(sketch);
  const dealt = faultsMax === 0 ? plan : dealFaults(plan, isFaultFree ? 0 : faultsMax, sketch);
  return new SampledPlan(dealt, { length, isFaultFree });
}

/** Mixes both, so that neighbouring seeds share no schedules. */
function scheduleSeed(seed: number, index: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 16) ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f) >>> 0;
}
