import type { Operation } from '../engine/index.ts';
import type { Choices } from '../engine/index.ts';

/** What {@link Plan.pick} returns to give its run up: everything that could follow is covered elsewhere. */
export const ABANDON = -1;

/** Makes the choices of one run. */
export interface Plan {
  /** The index of the event that happens next. Asked at every step, also when there is only one option. */
  pick(options: readonly Operation[]): number;
}

/** What came of one run. */
export interface Finished<Result> {
  readonly plan: Plan;
  readonly result: Result;
  /** What was chosen at each choice point. */
  readonly choices: Choices;
  /** Events that happened, forced ones included. */
  readonly steps: number;
  /**
   * `over`: nothing could happen any more. `abandoned`: the plan gave the run up. `cut`: it had not ended by the
   * limit on its events, or real work that it waited for took too long. In the latter two `result` is of its
   * beginning only.
   */
  readonly ending: 'over' | 'abandoned' | 'cut';
}

/** Where the plans of a search come from. */
export interface PlanSource {
  /** The next plan to run; `null` when there is none now. None now and no run under way: the search is over. */
  next(): Plan | null;
  /** Told of each run when it is over. Runs overlap, so not in the order in which their plans were handed out. */
  finished(run: Finished<unknown>): void;
}
