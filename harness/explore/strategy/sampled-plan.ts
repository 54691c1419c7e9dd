import { createRandom } from '../../random.ts';
import { dealFaults } from './fault-dealer.ts';
import { withPatience } from './patience.ts';
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

/** The plan of schedule `index`: the same for the same options, whatever was run before it. */
export function sampledPlan(options: SamplerOptions, index: number): Plan {
  const { strategy, seed, faultsMax } = options;
  const sketch = { ...options.sketch, random: createRandom(scheduleSeed(seed, index)) };
  const plan = dealFaults(strategy.plan(sketch), faultsMax, sketch);
  return withPatience(plan, PATIENCE * (sketch.length + 10));
}

/** Mixes both, so that neighbouring seeds share no schedules. */
function scheduleSeed(seed: number, index: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 16) ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f) >>> 0;
}
