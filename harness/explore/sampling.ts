import { sampledPlan } from './strategy/sampled-plan.ts';
import type { SampledPlan } from './strategy/sampled-plan.ts';
import { ReplayPlan } from './strategy/replay.ts';
import type { Plan } from './strategy/plan.ts';
import type { Strategy } from './strategy/strategy.ts';
import { uniform } from './strategy/uniform.ts';
import type { SearchJob, Supply } from './search.ts';
import type { Setting } from './setting.ts';
import type { ClientRunResult } from './lab.ts';
import { actorCount } from './world/world-operation.ts';

/** Schedules of each setting that are drawn only to see how long schedules are; the first is the default one. */
const SCOUTS = 8;

/** What {@link Sampling} draws from. */
export interface SamplingOptions {
  /** Taken in turn. */
  readonly strategies: readonly Strategy[];
  /** One for each arrival pattern; taken in turn. */
  readonly settings: readonly Setting[];
  readonly seed: number;
  /** Most schedules, scouts included. */
  readonly schedulesMax: number;
}

/** What fixes one sampled schedule, beside its setting. */
export interface SampledSchedule {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly index: number;
  /** Choice points that were expected. */
  readonly length: number;
}

/** The plan of a sampled schedule. */
export function planOf({ strategy, seed, index, length }: SampledSchedule, setting: Setting): SampledPlan {
  const sketch = { length, actors: actorCount(setting.users) };
  return sampledPlan({ strategy, seed, sketch, faultsMax: setting.faults.faultsMax }, index);
}

/**
 * Schedules drawn at random. First come scouts of each setting, from which the number of choice points is learned;
 * after that each schedule is fixed by its number alone.
 */
export class Sampling implements Supply {
  /** Schedules without faults that each strategy drew, by setting; scouts not counted. */
  readonly #faultFree = new Map<Strategy, Map<Setting, number>>();
  readonly #options: SamplingOptions;
  /** Most choice points of any scout, by setting. */
  readonly #lengths = new Map<Setting, number>();
  readonly #scouts: SearchJob[];
  readonly #scouting = new Map<Plan, Setting>();
  readonly #sampled = new WeakMap<Plan, SampledSchedule>();
  #index = 0;
  #handedOut = 0;

  constructor(options: SamplingOptions) {
    this.#options = options;
    this.#scouts = options.settings.flatMap((setting) => scoutsOf(setting, options.seed)).toReversed();
  }

  next(): SearchJob | null {
    if (this.#handedOut >= this.#options.schedulesMax) return null;
    const job = this.#nextScout() ?? (this.#scouting.size === 0 ? this.#nextSample() : null);
    if (job !== null) this.#handedOut += 1;
    return job;
  }

  finished({ plan, choices }: ClientRunResult): void {
    const setting = this.#scouting.get(plan);
    if (setting === undefined) return;
    this.#scouting.delete(plan);
    this.#lengths.set(setting, Math.max(this.lengthOf(setting), choices.length));
  }

  /** What fixes the schedule of this plan; `undefined` for a scout. */
  scheduleOf(plan: Plan): SampledSchedule | undefined {
    return this.#sampled.get(plan);
  }

  /** How many choice points a schedule of this setting is expected to have; at least 1. */
  lengthOf(setting: Setting): number {
    return this.#lengths.get(setting) ?? 1;
  }

  /** How many schedules without faults the strategy has drawn in that setting. */
  faultFree(strategy: Strategy, setting: Setting): number {
    return this.#faultFree.get(strategy)?.get(setting) ?? 0;
  }

  #countFaultFree(strategy: Strategy, setting: Setting): void {
    const counts = this.#faultFree.get(strategy) ?? new Map<Setting, number>();
    this.#faultFree.set(strategy, counts.set(setting, (counts.get(setting) ?? 0) + 1));
  }

  #nextScout(): SearchJob | null {
    const job = this.#scouts.pop();
    if (job === undefined) return null;
    this.#scouting.set(job.plan, job.setting);
    return job;
  }

  #nextSample(): SearchJob {
    const { strategies, settings, seed } = this.#options;
    const index = this.#index;
    this.#index += 1;
    const strategy = strategies[index % strategies.length] ?? uniform;
    const setting = settings[Math.floor(index / strategies.length) % settings.length] as Setting;
    const schedule = { strategy, seed, index, length: this.lengthOf(setting) };
    const plan = planOf(schedule, setting);
    if (plan.isFaultFree) this.#countFaultFree(strategy, setting);
    this.#sampled.set(plan, schedule);
    return { plan, setting };
  }
}

function scoutsOf(setting: Setting, seed: number): SearchJob[] {
  const sketch = { strategy: uniform, seed: ~seed >>> 0, length: 64 };
  const plans = Array.from({ length: SCOUTS - 1 }, (_, index) => planOf({ ...sketch, index }, setting));
  return [new ReplayPlan([]), ...plans].map((plan) => ({ plan, setting }));
}
