import type { Strategy } from './strategy.ts';

/** What fixes one sampled schedule, beside its setting. */
export interface SampledSchedule {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly index: number;
  /** Choice points that were expected. */
  readonly length: number;
}
