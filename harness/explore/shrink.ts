import { realNowMs } from './globals/real-world.ts';
import type { RuleId } from '../rules/index.ts';
import { brokenRules, judgeHistory } from './judge-history.ts';
import type { ClientRunResult, Lab } from './lab.ts';
import { Sampling } from './sampling.ts';
import { decisionCount, trimmed } from './schedule.ts';
import type { Choices } from './schedule.ts';
import { Search } from './search.ts';
import type { Failure, Supply } from './search.ts';
import type { Setting } from './setting.ts';
import { ExhaustiveSearch } from './strategy/exhaustive.ts';
import { SAMPLING_STRATEGIES } from './strategy/portfolio.ts';
import { ReplayPlan } from './strategy/replay.ts';
import { NO_FAULTS } from './world/fault-kinds.ts';
import type { FaultPlan } from './world/fault-kinds.ts';
import { ARRIVAL_PATTERNS } from './world/workload.ts';

/** A setting and choices in it that break a rule. */
export interface Finding {
  readonly setting: Setting;
  readonly choices: Choices;
}

/** What a {@link Shrinker} works with. */
export interface ShrinkOptions {
  readonly lab: Lab;
  /** The rule that must stay broken. */
  readonly rule: RuleId;
  /** Host milliseconds after which it makes do with what it has. */
  readonly timeoutMs: number;
}

/** Schedules tried for each number of decisions, and then at random, before a smaller setting is given up. */
const TRIES = { byDecisions: [1, 60, 160], sampled: 60 };

/** Choice points to expect of the small settings that are tried at random. */
const SAMPLED_LENGTH = 24;

/**
 * Looks for the least that breaks the same rule: fewest accounts, then calls, then faults, then decisions. Rather
 * than cutting a long schedule down, it searches the smaller settings anew, by schedules of no decision, one,
 * two, and a few at random: most defects show in the smallest setting in which they can show at all.
 */
export async function shrink(failure: Failure, options: ShrinkOptions): Promise<Finding> {
  return new Shrinker(failure, options).run();
}

class Shrinker {
  readonly #options: ShrinkOptions;
  readonly #deadlineMs: number;
  readonly #faultsUsed: FaultPlan;
  #best: Finding;

  constructor(failure: Failure, options: ShrinkOptions) {
    this.#options = options;
    this.#deadlineMs = realNowMs() + options.timeoutMs;
    this.#best = { setting: failure.setting, choices: trimmed(failure.choices) };
    const kinds = [...new Set(failure.history.faults)];
    this.#faultsUsed = kinds.length === 0 ? NO_FAULTS : { kinds, faultsMax: failure.history.faults.length };
  }

  async run(): Promise<Finding> {
    await this.#dropFaults();
    await this.#first('users', this.#best.setting.users);
    await this.#first('calls', this.#best.setting.calls);
    await this.#dropFaults();
    await this.#fewerDecisions();
    return this.#best;
  }

  get #isOutOfTime(): boolean {
    return realNowMs() > this.#deadlineMs;
  }

  /** Takes the smallest number of users, or of calls, with which the rule can be broken. */
  async #first(what: 'users' | 'calls', now: number): Promise<void> {
    for (let n = 1; n < now && !this.#isOutOfTime; n += 1) {
      if (await this.#tryPatterns({ ...this.#best.setting, [what]: n })) return;
    }
  }

  /** None at all; then one of those that were used, alone; then only those. */
  async #dropFaults(): Promise<void> {
    const { setting } = this.#best;
    if (setting.faults.faultsMax === 0) return;
    const { kinds } = this.#faultsUsed;
    const single = kinds.map((kind) => ({ kinds: [kind], faultsMax: 1 }));
    for (const faults of [NO_FAULTS, ...single, this.#faultsUsed]) {
      if (this.#isOutOfTime || faults.faultsMax > setting.faults.faultsMax) return;
      if (await this.#tryPatterns({ ...setting, faults })) return;
    }
  }

  async #tryPatterns(setting: Setting): Promise<boolean> {
    for (const supplyOf of this.#attempts()) {
      const patterns = [
        setting.pattern,
        ...ARRIVAL_PATTERNS.filter((pattern) => pattern !== setting.pattern),
      ];
      for (const pattern of patterns) {
        if (await this.#try({ ...setting, pattern }, supplyOf)) return true;
      }
    }
    return false;
  }

  /** From the plainest schedules to random ones. */
  #attempts(): readonly ((setting: Setting) => Supply)[] {
    const byDecisions = TRIES.byDecisions.map(
      (runsMax, decisionsMax) => (setting: Setting) => decisionSupply(setting, { decisionsMax, runsMax }),
    );
    const sampled = (setting: Setting): Supply =>
      new Sampling({
        strategies: SAMPLING_STRATEGIES,
        settings: [setting],
        seed: 1,
        lengths: [SAMPLED_LENGTH],
        from: 0,
        to: TRIES.sampled,
      });
    return [...byDecisions, sampled];
  }

  async #try(setting: Setting, supplyOf: (setting: Setting) => Supply): Promise<boolean> {
    const { lab, rule } = this.#options;
    const program = lab.program(setting);
    const search = new Search({
      programOf: () => program,
      supply: supplyOf(setting),
      shouldStop: () => this.#isOutOfTime,
      repeatEvery: Number.POSITIVE_INFINITY,
      rule,
    });
    await lab.run(search);
    const { failure } = search;
    if (failure !== null) this.#best = { setting, choices: trimmed(failure.choices) };
    return failure !== null;
  }

  /** Takes decisions out, one at a time, for as long as one can be spared. */
  async #fewerDecisions(): Promise<void> {
    for (let place = this.#best.choices.length - 1; place >= 0 && !this.#isOutOfTime; place -= 1) {
      const { choices, setting } = this.#best;
      if ((choices[place] ?? 0) === 0) continue;
      const fewer = trimmed(choices.with(place, 0));
      const run = await this.#replay(setting, fewer);
      const isFewer = decisionCount(run.choices) < decisionCount(choices);
      if (isFewer && this.#breaksRule(run, setting)) this.#best = { setting, choices: trimmed(run.choices) };
    }
  }

  #replay(setting: Setting, choices: Choices): Promise<ClientRunResult> {
    const { lab } = this.#options;
    return lab.runOnce(lab.program(setting), new ReplayPlan(choices));
  }

  #breaksRule(run: ClientRunResult, setting: Setting): boolean {
    return (
      run.ending === 'over' && brokenRules(judgeHistory(run.result, setting)).includes(this.#options.rule)
    );
  }
}

/** Schedules of so many decisions at most, up to a limit. */
function decisionSupply(
  setting: Setting,
  limits: { readonly decisionsMax: number; readonly runsMax: number },
): Supply {
  const search = new ExhaustiveSearch({ decisionsMax: limits.decisionsMax });
  let runs = 0;
  return {
    next() {
      const plan = runs < limits.runsMax ? search.next() : null;
      if (plan === null) return null;
      runs += 1;
      return { plan, setting };
    },
    finished: (run) => search.finished(run),
  };
}
