import type { ClientRunResult } from './exploration-session.ts';
import type { SearchJob, ScheduleSource } from './search.ts';
import type { Scenario } from './world/index.ts';
import { ExhaustiveSearch } from './strategy/index.ts';
import type { Branch, ExhaustiveOptions } from './strategy/index.ts';
import type { Plan } from './strategy/index.ts';

/** What an {@link ExhaustiveSource} searches. */
export interface ExhaustiveSourceOptions extends Omit<ExhaustiveOptions, 'branches'> {
  /** One for each arrival pattern. */
  readonly settings: readonly Scenario[];
  /** Where to go on, for each setting; default: from the beginning. */
  readonly branches?: readonly (readonly Branch[])[] | undefined;
  /** Most schedules handed out. */
  readonly schedulesMax: number;
}

/** Every schedule of every setting, one setting after the other. */
export class ExhaustiveSource implements ScheduleSource {
  readonly #settings: readonly Scenario[];
  readonly #searches: readonly ExhaustiveSearch[];
  readonly #searchOf = new Map<Plan, ExhaustiveSearch>();
  readonly #schedulesMax: number;
  #handedOut = 0;

  constructor({ settings, branches, schedulesMax, ...options }: ExhaustiveSourceOptions) {
    this.#settings = settings;
    this.#schedulesMax = schedulesMax;
    this.#searches = settings.map(
      (_, index) => new ExhaustiveSearch({ ...options, branches: branches?.[index] }),
    );
  }

  next(): SearchJob | null {
    if (this.#handedOut >= this.#schedulesMax) return null;
    for (const [index, search] of this.#searches.entries()) {
      const plan = search.next();
      const setting = this.#settings[index];
      if (plan === null || setting === undefined) continue;
      this.#handedOut += 1;
      this.#searchOf.set(plan, search);
      return { plan, setting };
    }
    return null;
  }

  finished(run: ClientRunResult): void {
    this.#searchOf.get(run.plan)?.finished(run);
    this.#searchOf.delete(run.plan);
  }

  /** What has not been searched, by setting. All empty when the search is complete. */
  pending(): readonly (readonly Branch[])[] {
    return this.#searches.map((search) => search.pending());
  }

  get isComplete(): boolean {
    return this.pending().every((branches) => branches.length === 0);
  }
}
