import type { Operation } from './operation.ts';

/** One run of a program. Between two events it is quiescent: no microtask is waiting. */
export interface Run<Result> {
  /**
   * The events that may come next; the first is what happens by default, so that "always the first" is the
   * plainest schedule there is, and faults stand last. Empty when the run is over. The array is the run's own
   * and is overwritten by the next call.
   */
  options(): readonly Operation[];
  /** Real work is under way that ends by itself, such as loading a module; asked again after the next quiescence. */
  readonly isBusy?: boolean;
  /** Lets an event happen: one of the last `options()`. Its consequences may take until the next quiescence. */
  take(operation: Operation): void;
  /** What came of the run. Called once, when it is over or was given up. */
  end(): Result;
}

/**
 * Something whose every run is fixed by the choices made in it. Runs share nothing: no singleton, no module
 * state, since many of them go on side by side.
 */
export interface Program<Result> {
  start(): Run<Result>;
}
