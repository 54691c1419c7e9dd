import type { ClientRunResult } from './exploration-session.ts';
import type { SearchJob, ScheduleSource } from './search.ts';
import type { Scenario } from './world/index.ts';
import type { Plan } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import type { SampledSchedule } from './strategy/index.ts';
import { sampledPlan } from './strategy/index.ts';
import type { SampledPlan } from './strategy/index.ts';
import type { Strategy } from './strategy/index.ts';
import { uniform } from './strategy/index.ts';
import { actorCount } from './world/index.ts';

/** The plan of a sampled schedule. */
export function planOf({ strategy, seed, index, length }: SampledSchedule, setting: Scenario): SampledPlan {
  const sketch = { length, actors: actorCount(setting.users) };
  return sampledPlan({ strategy, seed, sketch, faultsMax: setting.faults.faultsMax }, index);
}

/** Schedules of each setting that are drawn first; the very first is the default one. */
const SCOUTS = 8;

/** A few schedules of each setting, from which is learned how many choice points there are. */
export class MeasuringSource implements ScheduleSource {
  readonly #jobs: SearchJob[];
  readonly #placeOf = new Map<Plan, number>();
  /** By the place of the setting: most choice points of any scout; at least 1. */
  readonly lengths: number[];

  constructor(settings: readonly Scenario[], seed: number) {
    this.lengths = settings.map(() => 1);
    this.#jobs = settings.flatMap((setting, place) =>
      scouts(setting, seed).map((plan) => {
        this.#placeOf.set(plan, place);
        return { plan, setting };
      }),
    );
  }

  next(): SearchJob | null {
    return this.#jobs.shift() ?? null;
  }

  finished({ plan, choices }: ClientRunResult): void {
    const place = this.#placeOf.get(plan) ?? 0;
    this.lengths[place] = Math.max(this.lengths[place] ?? 1, choices.length);
  }
}

function scouts(setting: Scenario, seed: number): readonly Plan[] {
  const sketch = { strategy: uniform, seed: ~seed >>> 0, length: 64 };
  const drawn = Array.from({ length: SCOUTS - 1 }, (_, index) => planOf({ ...sketch, index }, setting));
  return [new ReplayPlan([]), ...drawn];
}

/** What {@link SamplingSource} draws from. */
export interface SamplingOptions {
  /** Taken in turn. */
  readonly strategies: readonly Strategy[];
  /** One for each arrival pattern; taken in turn, each by all strategies before the next. */
  readonly settings: readonly Scenario[];
  readonly seed: number;
  /** Choice points to expect, by the place of the setting. */
  readonly lengths: readonly number[];
  /** The numbers of the schedules: from this one to the one before `to`. */
  readonly from: number;
  readonly to: number;
}

/** How many schedules without faults a strategy drew in a setting. */
export interface DrawnCount {
  readonly strategy: string;
  /** The place of the setting. */
  readonly place: number;
  readonly count: number;
}

/** Schedules drawn at random. Each is fixed by its number alone. */
export class SamplingSource implements ScheduleSource {
  readonly #options: SamplingOptions;
  readonly #faultFree = new Map<string, number>();
  #index: number;

  constructor(options: SamplingOptions) {
    this.#options = options;
    this.#index = options.from;
  }

  next(): SearchJob | null {
    const { strategies, settings, seed, lengths, to } = this.#options;
    if (this.#index >= to) return null;
    const index = this.#index;
    this.#index += 1;
    const place = Math.floor(index / strategies.length) % settings.length;
    const strategy = strategies[index % strategies.length] ?? uniform;
    const setting = settings[place] as Scenario;
    const plan = planOf({ strategy, seed, index, length: lengths[place] ?? 1 }, setting);
    if (plan.isFaultFree) this.#countFaultFree(`${place} ${strategy.name}`);
    return { plan, setting };
  }

  /** The schedules without faults that were drawn. */
  faultFree(): readonly DrawnCount[] {
    return [...this.#faultFree].map(([key, count]) => {
      const [place = '', strategy = ''] = key.split(' ');
      return { place: Number(place), strategy, count };
    });
  }

  #countFaultFree(key: string): void {
    this.#faultFree.set(key, (this.#faultFree.get(key) ?? 0) + 1);
  }
}
