import type { Plan } from './plan.ts';

/** What a strategy is told of the schedule it is to make. */
export interface ScheduleSketch {
  /** Uniform in [0, 1), from a seed of this schedule's own. */
  readonly random: () => number;
  /** How many choice points to expect: those of the default schedule. At least 1. */
  readonly length: number;
  /** How many actors there are. */
  readonly actors: number;
}

/** A way of drawing one schedule at random, knowing nothing of the schedules before it. */
export interface Strategy {
  readonly name: string;
  /** Sees no faults: those are dealt by {@link withFaults}. */
  plan(sketch: ScheduleSketch): Plan;
}
