import type { ClientRunResult } from './exploration-session.ts';
import type { SearchJob, ScheduleSource } from './search.ts';
import type { Scenario } from './world/index.ts';
import type { Plan, PlanSource } from './strategy/index.ts';

/** Schedules of one setting. */
export interface Trial {
  readonly setting: Scenario;
  readonly source: PlanSource;
  /** Most schedules that are taken from the source. */
  readonly runsMax: number;
}

/**
 * The schedules of one trial after the other. A trial that has none now, because what comes next depends on runs that
 * are under way, is waited for: the order is the same every time.
 */
export class TrialSource implements ScheduleSource {
  readonly #trials: readonly Trial[];
  readonly #sourceOf = new Map<Plan, PlanSource>();
  #place = 0;
  /** Taken from the trial at that place. */
  #taken = 0;
  #left: number;

  /** @param schedulesMax - most schedules of all trials together */
  constructor(trials: readonly Trial[], schedulesMax: number) {
    this.#trials = trials;
    this.#left = schedulesMax;
  }

  next(): SearchJob | null {
    for (;;) {
      const trial = this.#trials[this.#place];
      if (trial === undefined || this.#left === 0) return null;
      const plan = this.#taken < trial.runsMax ? trial.source.next() : null;
      if (plan !== null) return this.#hand(plan, trial);
      if (this.#isWaitingFor(trial)) return null;
      this.#place += 1;
      this.#taken = 0;
    }
  }

  finished(run: ClientRunResult): void {
    this.#sourceOf.get(run.plan)?.finished(run);
    this.#sourceOf.delete(run.plan);
  }

  #hand(plan: Plan, { setting, source }: Trial): SearchJob {
    this.#taken += 1;
    this.#left -= 1;
    this.#sourceOf.set(plan, source);
    return { plan, setting };
  }

  /** More may come of it when what is under way is over. */
  #isWaitingFor({ source, runsMax }: Trial): boolean {
    return this.#taken < runsMax && [...this.#sourceOf.values()].includes(source);
  }
}
