import type { Program, Run } from './engine/index.ts';
import { ABANDON } from './strategy/index.ts';
import type { Finished, Plan } from './strategy/index.ts';

/** Calls back once no microtask can run any more. `setImmediate` is such, by contract of Node's event loop. */
export type Barrier = (quiescent: () => void) => void;

/** A program, and the plan by which it is to be run once. */
export interface Job<Result> {
  readonly program: Program<Result>;
  readonly plan: Plan;
}

/** Where jobs come from. */
export interface JobSource<Result> {
  /** The next job; `null` when there is none now. None now and no run under way: it is over. */
  next(): Job<Result> | null;
  /** Told of each run when it is over, in no particular order. */
  finished(run: Finished<Result>): void;
}

/** A job for the plan, if there is one. */
export function jobOf<Result>(program: Program<Result>, plan: Plan | null): Job<Result> | null {
  return plan === null ? null : { program, plan };
}

/** How runs are driven. */
export interface PoolOptions {
  readonly barrier: Barrier;
  /** Monotonic milliseconds of the host. */
  readonly nowMs: () => number;
  /** Runs side by side; each barrier, which costs microseconds, serves all of them. */
  readonly width: number;
  /** Most events of one run; one that is not over by then is cut off. */
  readonly stepsMax: number;
  /** Asked before each round; `true` gives up the runs under way, of which the source hears nothing. */
  readonly shouldStop?: () => boolean;
}

/** How long a run may wait for real work, such as loading a module, in milliseconds of the host. */
const BUSY_MS_MAX = 10_000;

/** Runs jobs until the source has no more, many at once. */
export function runJobs<Result>(source: JobSource<Result>, options: PoolOptions): Promise<void> {
  const pool = new Pool(source, options);
  return new Promise((resolve, reject) => {
    const round = (): void => {
      try {
        if (options.shouldStop?.() === true || !pool.advance()) resolve();
        else options.barrier(round);
      } catch (error) {
        reject(error);
      }
    };
    options.barrier(round);
  });
}

class Pool<Result> {
  readonly #source: JobSource<Result>;
  readonly #options: PoolOptions;
  readonly #slots: Slot<Result>[] = [];

  constructor(source: JobSource<Result>, options: PoolOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** One event in every run; `false` when nothing is under way and nothing is left. */
  advance(): boolean {
    let kept = 0;
    for (const slot of this.#slots) {
      if (slot.step()) this.#slots[kept++] = slot;
      else this.#source.finished(slot.finish());
    }
    while (this.#slots.length > kept) this.#slots.pop();
    this.#fill();
    return this.#slots.length > 0;
  }

  #fill(): void {
    while (this.#slots.length < this.#options.width) {
      const job = this.#source.next();
      if (job === null) return;
      const slot = new Slot(job, this.#options);
      slot.step();
      this.#slots.push(slot);
    }
  }
}

class Slot<Result> {
  readonly #plan: Plan;
  readonly #run: Run<Result>;
  readonly #options: PoolOptions;
  readonly #choices: number[] = [];
  #steps = 0;
  /** When the run began to wait for real work. */
  #busySinceMs: number | null = null;
  #ending: Finished<Result>['ending'] = 'over';

  constructor({ program, plan }: Job<Result>, options: PoolOptions) {
    this.#plan = plan;
    this.#run = program.start();
    this.#options = options;
  }

  /** Lets the next event happen; `false` when the run has ended. */
  step(): boolean {
    if (this.#run.isBusy === true) return this.#wait();
    this.#busySinceMs = null;
    const options = this.#run.options();
    if (options.length === 0) return false;
    if (this.#steps >= this.#options.stepsMax) return this.#endAs('cut');
    const choice = this.#plan.pick(options);
    const operation = options[choice];
    if (choice === ABANDON || operation === undefined) return this.#endAs('abandoned');
    if (options.length > 1) this.#choices.push(choice);
    this.#steps += 1;
    this.#run.take(operation);
    return true;
  }

  #wait(): boolean {
    const nowMs = this.#options.nowMs();
    this.#busySinceMs ??= nowMs;
    return nowMs - this.#busySinceMs < BUSY_MS_MAX ? true : this.#endAs('cut');
  }

  #endAs(ending: Finished<Result>['ending']): false {
    this.#ending = ending;
    return false;
  }

  finish(): Finished<Result> {
    return {
      plan: this.#plan,
      result: this.#run.end(),
      choices: this.#choices,
      steps: this.#steps,
      ending: this.#ending,
    };
  }
}
