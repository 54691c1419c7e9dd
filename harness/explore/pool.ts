import type { Program, Run } from './program.ts';
import { ABANDON } from './strategy/plan.ts';
import type { Finished, Plan, PlanSource } from './strategy/plan.ts';

/** Calls back once no microtask can run any more. `setImmediate` is such, by contract of Node's event loop. */
export type Barrier = (quiescent: () => void) => void;

/** How runs are driven. */
export interface PoolOptions {
  readonly barrier: Barrier;
  /** Runs side by side; each barrier, which costs microseconds, serves all of them. */
  readonly width: number;
  /** Most events of one run; one that is not over by then is cut off. */
  readonly stepsMax: number;
  /** Asked before each round; `true` gives up the runs under way, of which the source hears nothing. */
  readonly shouldStop?: () => boolean;
}

/** Runs plans until the source has no more, many at once. */
export function runPlans<Result>(
  program: Program<Result>,
  source: PlanSource<Result>,
  options: PoolOptions,
): Promise<void> {
  const pool = new Pool(program, source, options);
  return new Promise((resolve, reject) => {
    const round = (): void => {
      try {
        if (options.shouldStop?.() || !pool.advance()) resolve();
        else options.barrier(round);
      } catch (error) {
        reject(error as Error);
      }
    };
    options.barrier(round);
  });
}

class Pool<Result> {
  readonly #program: Program<Result>;
  readonly #source: PlanSource<Result>;
  readonly #options: PoolOptions;
  #slots: Slot<Result>[] = [];

  constructor(program: Program<Result>, source: PlanSource<Result>, options: PoolOptions) {
    this.#program = program;
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
    this.#slots.length = kept;
    this.#fill();
    return this.#slots.length > 0;
  }

  #fill(): void {
    while (this.#slots.length < this.#options.width) {
      const plan = this.#source.next();
      if (plan === null) return;
      const slot = new Slot(plan, this.#program.start(), this.#options.stepsMax);
      slot.step();
      this.#slots.push(slot);
    }
  }
}

class Slot<Result> {
  readonly #plan: Plan;
  readonly #run: Run<Result>;
  readonly #stepsMax: number;
  readonly #choices: number[] = [];
  #steps = 0;
  #ending: Finished<Result>['ending'] = 'over';

  constructor(plan: Plan, run: Run<Result>, stepsMax: number) {
    this.#plan = plan;
    this.#run = run;
    this.#stepsMax = stepsMax;
  }

  /** Lets the next event happen; `false` when the run has ended. */
  step(): boolean {
    if (this.#run.isBusy === true) return true;
    const options = this.#run.options();
    if (options.length === 0) return false;
    if (this.#steps >= this.#stepsMax) return this.#endAs('cut');
    const choice = this.#plan.pick(options);
    const operation = options[choice];
    if (choice === ABANDON || operation === undefined) return this.#endAs('abandoned');
    if (options.length > 1) this.#choices.push(choice);
    this.#steps += 1;
    this.#run.take(operation);
    return true;
  }

  #endAs(ending: Finished<Result>['ending']): false {
    this.#ending = ending;
    return false;
  }

  finish(): Finished<Result> {
    const { plan, choices, steps, ending } = {
      plan: this.#plan,
      choices: this.#choices,
      steps: this.#steps,
      ending: this.#ending,
    };
    return { plan, result: this.#run.end(), choices, steps, ending };
  }
}
