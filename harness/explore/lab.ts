import type { CreateClient } from '../target/client-module.ts';
import { GlobalsGuard } from './globals/guard.ts';
import { realBarrier, realNowMs } from './globals/real-world.ts';
import { runJobs } from './pool.ts';
import type { JobSource } from './pool.ts';
import type { Program } from './program.ts';
import { programOf } from './setting.ts';
import type { RunWatch, Setting } from './setting.ts';
import type { Finished, Plan } from './strategy/plan.ts';
import type { ExploreTarget } from './target.ts';
import type { ClientHistory } from './world/client-history.ts';
import type { ClientRun } from './world/client-run.ts';

/** A run of a client that is over. */
export type ClientRunResult = Finished<ClientHistory>;

/** How many worlds go on side by side when they can. */
const WIDTH = 64;

/** Events of one run; a run of a hundred accounts with ten calls each has some five thousand. */
const STEPS_MAX = 200_000;

/** Worlds ran side by side, and their clients used globals, which do not say whose they are. */
class MixedUpError extends Error {}

/** Runs schedules of one target, with the globals of the process replaced. Made by {@link inLab}. */
export class Lab {
  readonly guard: GlobalsGuard;
  readonly #createClient: CreateClient;

  constructor(guard: GlobalsGuard, createClient: CreateClient) {
    this.guard = guard;
    this.#createClient = createClient;
  }

  /** The target as a program. */
  program(setting: Setting, watch: Omit<RunWatch, 'onEnter' | 'hostMs'> = {}): Program<ClientHistory> {
    const onEnter = (run: ClientRun): void => this.guard.enter(run);
    return programOf(this.#createClient, setting, { ...watch, onEnter, hostMs: realNowMs });
  }

  /**
   * Runs jobs until there are no more.
   * @throws {MixedUpError} when one used globals that cannot be told apart; `inLab` then begins anew
   */
  async run(source: JobSource<ClientHistory>): Promise<void> {
    await runJobs(source, {
      barrier: (quiescent) => this.#barrier(quiescent),
      nowMs: realNowMs,
      width: this.guard.isExclusive ? 1 : WIDTH,
      stepsMax: STEPS_MAX,
      shouldStop: () => this.guard.isMixedUp,
    });
    this.guard.leave();
    if (this.guard.isMixedUp) throw new MixedUpError();
  }

  /**
   * Runs one plan.
   * @throws {MixedUpError} when it used globals that cannot be told apart; `inLab` then begins anew
   */
  async runOnce(program: Program<ClientHistory>, plan: Plan): Promise<ClientRunResult> {
    const jobs = [{ program, plan }];
    const results: ClientRunResult[] = [];
    await this.run({ next: () => jobs.pop() ?? null, finished: (run) => results.push(run) });
    const [result] = results;
    if (result === undefined) throw new MixedUpError();
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
 * Lets `work` run schedules of the target: first with many worlds side by side; if the target turns out to use
 * globals, which do not say whose they are, all over again with one world at a time. Where that is known already,
 * `isExclusive` saves the first attempt.
 */
export function inLab<T>(
  target: ExploreTarget,
  work: (lab: Lab) => Promise<T>,
  { isExclusive = false }: { readonly isExclusive?: boolean } = {},
): Promise<T> {
  const mine = turn.then(async () => {
    try {
      return await attempt(target, isExclusive, work);
    } catch (error) {
      if (error instanceof MixedUpError) return attempt(target, true, work);
      throw error;
    }
  });
  turn = mine.catch(() => undefined);
  return mine;
}

async function attempt<T>(
  target: ExploreTarget,
  isExclusive: boolean,
  work: (lab: Lab) => Promise<T>,
): Promise<T> {
  const guard = new GlobalsGuard({ isExclusive });
  guard.install();
  try {
    return await work(new Lab(guard, await target.load()));
  } finally {
    guard.uninstall();
  }
}
