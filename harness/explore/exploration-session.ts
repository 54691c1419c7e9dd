import type { CreateClient } from '../run/targets/index.ts';
import { GlobalsGuard } from './globals/index.ts';
import { realBarrier, realNowMs } from './globals/index.ts';
import { runJobs } from './pool.ts';
import type { JobSource } from './pool.ts';
import type { Program } from './engine/index.ts';
import { programOf } from './world/index.ts';
import type { RunWatch, Scenario } from './world/index.ts';
import type { Finished, Plan } from './strategy/index.ts';
import type { ExploreTarget } from './target.ts';
import type { ClientHistory } from './world/index.ts';

/** A run of a client that is over. */
export type ClientRunResult = Finished<ClientHistory>;

/**
 * How many worlds go on side by side when they can: enough to make the barrier cheap, few enough that most of what a
 * world is made of dies before the garbage collector comes round. 64 were measured to be a third slower.
 */
const WIDTH = 8;

/** Events of one run; a run of a hundred accounts with ten calls each has some five thousand. */
const STEPS_MAX = 200_000;

/** How a lab runs a client: as fast as that client allows. */
export interface SessionConditions {
  /** One world at a time: the client uses globals, and these do not say whose world they are used in. */
  readonly isExclusive: boolean;
  /** The exchange checks every signature: the client gets some wrong. */
  readonly checksSignatures: boolean;
}

/** What most clients allow. */
const FAST: SessionConditions = { isExclusive: false, checksSignatures: false };

/** The client does not allow what was tried; `inLab` begins anew under other conditions. */
class ConditionsError extends Error {
  readonly needed: SessionConditions;

  constructor(needed: SessionConditions) {
    super('The client needs other conditions.');
    this.needed = needed;
  }
}

/** Runs schedules of one target, with the globals of the process replaced. Made by {@link inSession}. */
export class ExplorationSession {
  readonly guard: GlobalsGuard;
  readonly conditions: SessionConditions;
  readonly #createClient: CreateClient;
  #sawWrongSignature = false;

  constructor(createClient: CreateClient, facts: Pick<ExplorationSession, 'conditions' | 'guard'>) {
    this.guard = facts.guard;
    this.conditions = facts.conditions;
    this.#createClient = createClient;
  }

  /** The target as a program. */
  program(
    setting: Scenario,
    watch: Pick<RunWatch, 'isSymmetric' | 'isRecorded' | 'graceMs'> = {},
  ): Program<ClientHistory> {
    return programOf(this.#createClient, setting, {
      ...watch,
      checksSignatures: this.conditions.checksSignatures,
      onWrongSignature: () => (this.#sawWrongSignature = true),
      onEnter: (run) => this.guard.enter(run),
      hostMs: realNowMs,
    });
  }

  /**
   * Runs jobs until there are no more.
   * @throws {ConditionsError} when the client needs other conditions; `inLab` then begins anew
   */
  async run(source: JobSource<ClientHistory>): Promise<void> {
    await runJobs(source, {
      barrier: (quiescent) => this.#barrier(quiescent),
      nowMs: realNowMs,
      width: this.guard.isExclusive ? 1 : WIDTH,
      stepsMax: STEPS_MAX,
      shouldStop: () => this.#neededConditions() !== null,
    });
    this.guard.sweep();
    const needed = this.#neededConditions();
    if (needed !== null) throw new ConditionsError(needed);
  }

  /** Conditions under which what was run would have counted; `null` when it does count. */
  #neededConditions(): SessionConditions | null {
    const { isExclusive, checksSignatures } = this.conditions;
    if (!this.guard.isMixedUp && !this.#sawWrongSignature) return null;
    return {
      isExclusive: isExclusive || this.guard.isMixedUp,
      checksSignatures: checksSignatures || this.#sawWrongSignature,
    };
  }

  /**
   * Runs one plan.
   * @throws {ConditionsError} when the client needs other conditions; `inLab` then begins anew
   */
  async runOnce(program: Program<ClientHistory>, plan: Plan): Promise<ClientRunResult> {
    const jobs = [{ program, plan }];
    const results: ClientRunResult[] = [];
    await this.run({ next: () => jobs.pop() ?? null, finished: (run) => results.push(run) });
    const [result] = results;
    if (result === undefined) throw new TypeError('The run was lost.');
    return result;
  }

  #barrier(quiescent: () => void): void {
    realBarrier(() => {
      if (this.guard.isBusy) return this.#barrier(quiescent);
      this.guard.leave();
      quiescent();
    });
  }
}

/** Explorations, one after the other: there is one set of globals. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Lets `work` run schedules of the target: first under the fastest conditions; when the client turns out not to
 * allow them, all over again under slower ones. Where those are known already, `conditions` saves the attempt.
 */
export function inSession<T>(
  target: ExploreTarget,
  work: (lab: ExplorationSession) => Promise<T>,
  conditions: SessionConditions = FAST,
): Promise<T> {
  const mine = turn.then(() => attempt(target, { work, conditions }));
  turn = mine.catch(() => undefined);
  return mine;
}

/** Ends, because each attempt after the first has a condition more. */
async function attempt<T>(
  target: ExploreTarget,
  {
    work,
    conditions,
  }: { readonly work: (lab: ExplorationSession) => Promise<T>; readonly conditions: SessionConditions },
): Promise<T> {
  const guard = new GlobalsGuard(conditions);
  guard.install();
  try {
    return await work(new ExplorationSession(await target.load(), { guard, conditions }));
  } catch (error) {
    if (!(error instanceof ConditionsError)) throw error;
    guard.uninstall();
    return await attempt(target, { work, conditions: error.needed });
  } finally {
    guard.uninstall();
  }
}
