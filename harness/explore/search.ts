import { brokenRules, judgeHistory } from './judge-history.ts';
import { historyHash } from './history-hash.ts';
import type { ClientRunResult } from './lab.ts';
import type { Job, JobSource } from './pool.ts';
import type { Program } from './program.ts';
import type { Setting } from './setting.ts';
import type { Choices } from './schedule.ts';
import type { Plan } from './strategy/plan.ts';
import { ReplayPlan } from './strategy/replay.ts';
import { Tally } from './tally.ts';
import type { ClientHistory } from './world/client-history.ts';
import type { RuleId } from '../rules/index.ts';

/** A plan, and the setting in which it is to be run. */
export interface SearchJob {
  readonly plan: Plan;
  readonly setting: Setting;
}

/** Where the schedules of a search come from. */
export interface Supply {
  next(): SearchJob | null;
  finished?(run: ClientRunResult): void;
}

/** A run that broke rules. */
export interface Failure {
  readonly setting: Setting;
  readonly choices: Choices;
  readonly rules: readonly RuleId[];
  readonly history: ClientHistory;
}

/** How a {@link Search} goes about it. */
export interface SearchOptions {
  readonly programOf: (setting: Setting) => Program<ClientHistory>;
  readonly supply: Supply;
  /** Told of every run that was judged; `true` ends the search. */
  readonly shouldStop: (search: Search) => boolean;
  /**
   * Of so many runs one is repeated, and the first few, to see whether the same choices give the same history.
   * Infinity: none.
   */
  readonly repeatEvery: number;
  /** Only violations of this rule count. Default: of any. */
  readonly rule?: RuleId | undefined;
}

/** The first few are, too: what goes wrong every time is found at once. */
const REPEATED_FIRST = 4;

function isRepeated(run: number, every: number): boolean {
  return Number.isFinite(every) && (run <= REPEATED_FIRST || run % every === 0);
}

interface Underway {
  readonly setting: Setting;
  /** The history that a repetition must reproduce; `null` for a first run. */
  readonly expectedHash: string | null;
}

/** Runs a supply of schedules, judges each, and stops at the first that breaks a rule. */
export class Search implements JobSource<ClientHistory> {
  readonly tally: Tally = new Tally();
  failure: Failure | null = null;
  /** Runs that were given up because all that could follow was covered elsewhere. */
  abandoned = 0;
  /** Runs that were cut off. */
  cut = 0;
  repeated = 0;
  /** The first pair of runs that took the same choices and did not do the same. */
  difference: { readonly setting: Setting; readonly choices: Choices } | null = null;
  readonly #options: SearchOptions;
  readonly #underway = new Map<Plan, Underway>();
  readonly #repeats: (SearchJob & { readonly expectedHash: string })[] = [];
  #isStopped = false;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  next(): Job<ClientHistory> | null {
    const repeat = this.#repeats.pop();
    if (repeat !== undefined) return this.#begin(repeat, repeat.expectedHash);
    const job = this.#isStopped ? null : this.#options.supply.next();
    return job === null ? null : this.#begin(job, null);
  }

  finished(run: ClientRunResult): void {
    const underway = this.#underway.get(run.plan);
    this.#underway.delete(run.plan);
    if (underway === undefined) return;
    if (underway.expectedHash !== null) return this.#compare(run, underway);
    this.#options.supply.finished?.(run);
    if (run.ending === 'abandoned') this.abandoned += 1;
    else if (run.ending === 'cut') this.cut += 1;
    else this.#judge(run, underway.setting);
    if (this.failure !== null || this.#options.shouldStop(this)) this.#isStopped = true;
  }

  #begin({ plan, setting }: SearchJob, expectedHash: string | null): Job<ClientHistory> {
    this.#underway.set(plan, { setting, expectedHash });
    return { plan, program: this.#options.programOf(setting) };
  }

  #judge(run: ClientRunResult, setting: Setting): void {
    const { result: history, choices } = run;
    const verdict = judgeHistory(history, setting);
    this.tally.add(verdict, history.faults);
    const { rule, repeatEvery } = this.#options;
    const rules = brokenRules(verdict);
    if (rule === undefined ? rules.length > 0 : rules.includes(rule)) {
      this.failure ??= { setting, choices, rules, history };
    }
    if (isRepeated(this.tally.runs, repeatEvery)) {
      this.#repeats.push({ plan: new ReplayPlan(choices), setting, expectedHash: historyHash(history) });
    }
  }

  #compare({ result, choices }: ClientRunResult, { setting, expectedHash }: Underway): void {
    this.repeated += 1;
    if (historyHash(result) !== expectedHash) this.difference ??= { setting, choices };
  }
}
