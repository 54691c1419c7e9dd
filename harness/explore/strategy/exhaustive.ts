import { areDependent, TOUCHES } from '../engine/index.ts';
import type { Operation } from '../engine/index.ts';
import type { Choices } from '../engine/index.ts';
import { ABANDON } from './plan.ts';
import type { Finished, Plan, PlanSource } from './plan.ts';

/** An event of another run that is to be recognised in this one. */
type Remembered = Pick<Operation, 'id' | 'subject' | 'touches'>;

/** A part of the tree that has not been searched: what follows `choices`, but for what starts with a sleeping event. */
export interface Branch {
  readonly choices: Choices;
  readonly sleeping: readonly Remembered[];
}

/** All that there is to search. */
export const WHOLE_TREE: readonly Branch[] = [{ choices: [], sleeping: [] }];

/** How an exhaustive search is bounded and reduced. */
export interface ExhaustiveOptions {
  /** Most decisions in a schedule. Default: no bound. With a bound there is no reduction, which would be unsound. */
  readonly decisionsMax?: number | undefined;
  /** Skip schedules that differ from another only in the order of events that commute. Default `true`. */
  readonly isReduced?: boolean | undefined;
  /** Where to go on; default the whole tree. */
  readonly branches?: readonly Branch[] | undefined;
}

/**
 * Depth-first search of every schedule, without state: each schedule is run from the beginning.
 *
 * The reduction is that of sleep sets (Godefroid, "Partial-order methods for the verification of concurrent
 * systems", 1996): after the schedules that start with event a have been dealt with, those that start with b
 * need not try a until something happens that does not commute with it. Exactly one schedule of each class of
 * equivalent ones is run to its end. Every branch carries its own sleep set, so branches are independent of each
 * other and run side by side.
 */
export class ExhaustiveSearch implements PlanSource {
  readonly decisionsMax: number;
  readonly isReduced: boolean;
  readonly #stack: Branch[];
  readonly #running = new Set<BranchPlan>();
  /** Runs given up because everything that could follow was covered elsewhere. */
  abandoned = 0;

  constructor(options: ExhaustiveOptions = {}) {
    this.decisionsMax = options.decisionsMax ?? Number.POSITIVE_INFINITY;
    this.isReduced = (options.isReduced ?? true) && options.decisionsMax === undefined;
    this.#stack = [...(options.branches ?? WHOLE_TREE)];
  }

  /** What has not been searched yet: runs under way count as not begun. Empty when the search is complete. */
  pending(): readonly Branch[] {
    return [...this.#stack, ...[...this.#running].map((plan) => plan.branch)];
  }

  next(): Plan | null {
    const branch = this.#stack.pop();
    if (branch === undefined) return null;
    const plan = new BranchPlan(branch, this);
    this.#running.add(plan);
    return plan;
  }

  finished(run: Finished<unknown>): void {
    const plan = run.plan as BranchPlan;
    this.#running.delete(plan);
    if (run.ending === 'abandoned') this.abandoned += 1;
    this.#stack.push(...plan.found);
  }
}

class BranchPlan implements Plan {
  readonly branch: Branch;
  /** Branches that left the path of this run; searched once the run is over, so that a checkpoint loses none. */
  readonly found: Branch[] = [];
  readonly #search: Pick<ExhaustiveSearch, 'decisionsMax' | 'isReduced'>;
  readonly #choices: number[] = [];
  #sleeping: readonly Remembered[];
  #decisions = 0;

  constructor(branch: Branch, search: Pick<ExhaustiveSearch, 'decisionsMax' | 'isReduced'>) {
    this.branch = branch;
    this.#sleeping = branch.sleeping;
    this.#search = search;
  }

  pick(options: readonly Operation[]): number {
    const prescribed = this.#choices.length < this.branch.choices.length;
    if (prescribed)
      return options.length === 1 ? 0 : this.#choose(this.branch.choices[this.#choices.length] ?? 0);
    const awake = this.#awake(options);
    const first = awake[0];
    if (first === undefined) return ABANDON;
    if (this.#decisions < this.#search.decisionsMax) this.#branchOff(options, awake);
    this.#sleeping = this.#stillAsleep(this.#sleeping, options[first]);
    return options.length === 1 ? 0 : this.#choose(first);
  }

  #choose(choice: number): number {
    this.#choices.push(choice);
    if (choice !== 0) this.#decisions += 1;
    return choice;
  }

  /**
   * The options that are not asleep. With reduction, events of the client come first: an event that sleeps has to be
   * woken by one that it does not commute with, and replies, which wake the client's, come by themselves, while
   * nothing but the client makes new work for the exchange. The other way round, most runs would be given up.
   */
  #awake(options: readonly Operation[]): readonly number[] {
    const asleep = new Set(this.#sleeping.map(({ id }) => id));
    const awake = [...options.keys()].filter((index) => !asleep.has(options[index]?.id ?? -1));
    if (!this.#search.isReduced || awake.length < 2) return awake;
    const isClients = (index: number): boolean => ((options[index]?.touches ?? 0) & TOUCHES.client) !== 0;
    return [...awake.filter(isClients), ...awake.filter((index) => !isClients(index))];
  }

  /** Leaves every awake event but the first, which this run follows, for later. The last found is searched first. */
  #branchOff(options: readonly Operation[], awake: readonly number[]): void {
    if (awake.length < 2) return;
    const dealtWith = [...this.#sleeping];
    for (const index of awake) {
      const operation = options[index];
      if (operation === undefined) continue;
      if (index !== awake[0]) {
        const sleeping = this.#stillAsleep(dealtWith, operation);
        this.found.push({ choices: [...this.#choices, index], sleeping });
      }
      if (this.#search.isReduced) dealtWith.push(remember(operation));
    }
  }

  #stillAsleep(sleeping: readonly Remembered[], happening: Operation | undefined): readonly Remembered[] {
    if (happening === undefined || sleeping.length === 0) return sleeping;
    return sleeping.filter((event) => !areDependent(event as Operation, happening));
  }
}

function remember({ id, subject, touches }: Operation): Remembered {
  return { id, subject, touches };
}
