import { brokenRules, judgeHistory } from './judge-history.ts';
import { historyHash } from './history-hash.ts';
import type { ClientRunResult } from './exploration-session.ts';
import type { Job, JobSource } from './pool.ts';
import type { Program } from './engine/index.ts';
import type { Scenario } from './world/index.ts';
import type { Choices } from './engine/index.ts';
import type { Plan } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import { RuleTotals } from './rule-totals.ts';
import type { ClientHistory } from './world/index.ts';
import type { RuleId } from '../judge/history/index.ts';

/** A plan, and the setting in which it is to be run. */
export interface SearchJob {
  readonly plan: Plan;
  readonly setting: Scenario;
}

/** Where the schedules of a search come from. */
export interface ScheduleSource {
  /** The next schedule; `null` when there is none now. */
  next(): SearchJob | null;
  /** Told of each run when it is over, in the order in which the schedules were handed out. */
  finished?(run: ClientRunResult): void;
}

/** A run that broke rules. */
export interface Failure {
  readonly setting: Scenario;
  readonly choices: Choices;
  readonly rules: readonly RuleId[];
  readonly history: ClientHistory;
}

/** How a {@link Search} goes about it. */
export interface SearchOptions {
  readonly programOf: (setting: Scenario) => Program<ClientHistory>;
  readonly supply: ScheduleSource;
  /** Told of every run that was judged; `true` ends the search. */
  readonly shouldStop: (search: Search) => boolean;
  /**
   * Of so many runs one is repeated, and the first few, to see whether the same choices give the same history.
   * Infinity: none.
   */
  readonly repeatEvery: number;
  /** Whether a run that broke these rules is what is looked for. Default: any is. */
  readonly isWanted?: (rules: readonly RuleId[], choices: Choices) => boolean;
}

/** The first few are, too: what goes wrong every time is found at once. */
const REPEATED_FIRST = 4;

function isRepeated(run: number, every: number): boolean {
  return Number.isFinite(every) && (run <= REPEATED_FIRST || run % every === 0);
}

interface Underway {
  readonly setting: Scenario;
  /** 0, 1, 2 … in the order of handing out; `null` for a repetition. */
  readonly number: number | null;
  /** The history that a repetition must reproduce; `null` for a first run. */
  readonly expectedHash: string | null;
}

interface Waiting {
  readonly run: ClientRunResult;
  readonly setting: Scenario;
}

/** Runs that may be over and wait for an earlier one, so that a very long one holds up no memory. */
const WAITING_MAX = 256;

/**
 * Runs a supply of schedules, judges each, and stops at the first that breaks a rule. Runs end in any order, and in
 * another one when loading a module takes longer, but they are judged in the order in which they were handed out:
 * what is found, and how many schedules it took, is the same every time.
 */
export class Search implements JobSource<ClientHistory> {
  readonly tally: RuleTotals = new RuleTotals();
  failure: Failure | null = null;
  /** Runs that were given up because all that could follow was covered elsewhere. */
  abandoned = 0;
  /** Runs that were cut off. */
  cut = 0;
  repeated = 0;
  /** Runs up to the first that broke a rule, given up and cut off ones included. */
  runs = 0;
  /** The first pair of runs that took the same choices and did not do the same. */
  difference: { readonly setting: Scenario; readonly choices: Choices } | null = null;
  readonly #options: SearchOptions;
  readonly #underway = new Map<Plan, Underway>();
  readonly #repeats: (SearchJob & { readonly expectedHash: string })[] = [];
  /** Runs that are over, by number, while one before them is not. */
  readonly #waiting = new Map<number, Waiting>();
  #handedOut = 0;
  /** Of the run that is judged next. */
  #number = 0;
  #isStopped = false;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  next(): Job<ClientHistory> | null {
    const repeat = this.#repeats.pop();
    if (repeat !== undefined) return this.#begin(repeat, { number: null, expectedHash: repeat.expectedHash });
    if (this.#isStopped || this.#waiting.size >= WAITING_MAX) return null;
    const job = this.#options.supply.next();
    return job === null ? null : this.#begin(job, { number: this.#handedOut++, expectedHash: null });
  }

  finished(run: ClientRunResult): void {
    const underway = this.#underway.get(run.plan);
    this.#underway.delete(run.plan);
    if (underway === undefined) return;
    if (underway.number === null) return this.#compare(run, underway);
    this.#waiting.set(underway.number, { run, setting: underway.setting });
    this.#judgeInOrder();
  }

  #begin({ plan, setting }: SearchJob, facts: Omit<Underway, 'setting'>): Job<ClientHistory> {
    this.#underway.set(plan, { setting, ...facts });
    return { plan, program: this.#options.programOf(setting) };
  }

  #judgeInOrder(): void {
    for (;;) {
      const waiting = this.#waiting.get(this.#number);
      if (waiting === undefined) return;
      this.#waiting.delete(this.#number);
      this.#number += 1;
      this.#options.supply.finished?.(waiting.run);
      if (this.failure === null) this.#count(waiting);
    }
  }

  #count({ run, setting }: Waiting): void {
    this.runs += 1;
    if (run.ending === 'abandoned') this.abandoned += 1;
    else if (run.ending === 'cut') this.cut += 1;
    else this.#judge(run, setting);
    if (this.failure !== null || this.#options.shouldStop(this)) this.#isStopped = true;
  }

  #judge(run: ClientRunResult, setting: Scenario): void {
    const { result: history, choices } = run;
    const verdict = judgeHistory(history, setting);
    this.tally.add(verdict, history.faults);
    const { isWanted = () => true, repeatEvery } = this.#options;
    const rules = brokenRules(verdict);
    if (rules.length > 0 && isWanted(rules, choices)) this.failure = { setting, choices, rules, history };
    if (isRepeated(this.tally.runs, repeatEvery)) {
      this.#repeats.push({ plan: new ReplayPlan(choices), setting, expectedHash: historyHash(history) });
    }
  }

  #compare({ result, choices }: ClientRunResult, { setting, expectedHash }: Underway): void {
    this.repeated += 1;
    if (historyHash(result) !== expectedHash) this.difference ??= { setting, choices };
  }
}
