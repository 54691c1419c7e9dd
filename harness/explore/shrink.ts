import { realNowMs } from './globals/index.ts';
import type { RuleId } from '../judge/history/index.ts';
import type { ExplorationSession } from './exploration-session.ts';
import { SamplingSource } from './sampling-source.ts';
import { decisionCount, trimmed } from './engine/index.ts';
import type { Choices } from './engine/index.ts';
import { Search } from './search.ts';
import type { Failure } from './search.ts';
import type { Scenario } from './world/index.ts';
import { FewestDecisions } from './strategy/index.ts';
import { CarriedPlan, RecordingPlan } from './strategy/index.ts';
import type { NamedEvent } from './strategy/index.ts';
import type { Plan, PlanSource } from './strategy/index.ts';
import { SAMPLING_STRATEGIES } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import { TrialSource } from './trial-source.ts';
import type { Trial } from './trial-source.ts';
import { NO_FAULTS } from './world/index.ts';
import type { FaultKind, FaultPlan } from './world/index.ts';
import { withoutAccounts } from './fewer-accounts.ts';
import { eventName } from './world/index.ts';
import { ARRIVAL_PATTERNS } from './world/index.ts';

/** What came of shrinking, and what it took. */
export interface Shrunk {
  readonly setting: Scenario;
  readonly choices: Choices;
  /** Schedules that were tried. */
  readonly schedules: number;
  /** `done`: everything was tried that there is to try. Otherwise the limit that was reached. */
  readonly ending: 'done' | 'schedules' | 'time';
}

/** What shrinking works with. */
export interface ShrinkOptions {
  readonly lab: ExplorationSession;
  /** The rule that must stay broken. */
  readonly rule: RuleId;
  /** Most schedules that are tried. */
  readonly schedulesMax: number;
  /** Host milliseconds after which it makes do with what it has, whatever it would have found. */
  readonly timeoutMs: number;
}

/**
 * How thoroughly smaller settings are searched. A little of each before more of any: most defects show in a very
 * small setting, and once that is found, what is left to be searched thoroughly are settings that are smaller still.
 */
const EFFORTS: readonly Effort[] = [
  { by: 'fewest', runsMax: 1 },
  { by: 'fewest', runsMax: 48 },
  { by: 'sampling', runsMax: 48 },
];

/** Schedules of one setting: those of fewest decisions, or some drawn at random. */
interface Effort {
  readonly by: 'fewest' | 'sampling';
  readonly runsMax: number;
}

/** Choice points to expect of the small settings that are tried at random. */
const SAMPLED_LENGTH = 24;

/** Schedules that are tried for a plainer one in the setting in which it ends. */
const POLISHING_RUNS = 160;

/**
 * Looks for the least that breaks the same rule: fewest faults, then accounts, then calls, then decisions. Does both
 * of what can be done: it takes decisions out of the schedule that is there, and it searches smaller settings anew,
 * in which most defects show with a decision or two. Gives the same result every time, unless time runs out.
 */
export async function shrink(failure: Failure, options: ShrinkOptions): Promise<Shrunk> {
  return new Shrinker(failure, options).run();
}

class Shrinker {
  readonly #options: ShrinkOptions;
  readonly #deadlineMs: number;
  /** By setting: where the search by fewest decisions stopped. */
  readonly #fewest = new Map<string, FewestDecisions>();
  #best: Failure;
  #schedules = 0;

  constructor(failure: Failure, options: ShrinkOptions) {
    this.#options = options;
    this.#deadlineMs = realNowMs() + options.timeoutMs;
    this.#best = { ...failure, choices: trimmed(failure.choices) };
  }

  async run(): Promise<Shrunk> {
    await this.#carryOver();
    await this.#cutDecisions();
    for (const effort of EFFORTS) {
      for (const smallerThan of [withFewerFaults, withFewerUsers, withFewerCalls]) {
        await this.#tryAnew(smallerThan(this.#best), effort);
      }
    }
    await this.#cutDecisions();
    await this.#polish();
    const { setting, choices } = this.#best;
    return { setting, choices, schedules: this.#schedules, ending: this.#ending };
  }

  /** Drops what can go while all else happens in the same order: faults that never happened, accounts, calls. */
  async #carryOver(): Promise<void> {
    const { faults } = this.#best.history;
    await this.#tryCarried([{ ...this.#best.setting, faults: planOf(faults) }]);
    for (let size = this.#best.setting.users - 1; size >= 1 && this.#ending === 'done';) {
      const hasDropped = await this.#dropAccounts(size);
      size = Math.min(hasDropped ? size : Math.floor(size / 2), this.#best.setting.users - 1);
    }
    await this.#tryCarried(upTo(this.#best.setting.calls).map((calls) => ({ ...this.#best.setting, calls })));
  }

  /** Drops so many accounts that are neighbours. */
  async #dropAccounts(size: number): Promise<boolean> {
    const { setting } = this.#best;
    const events = await this.#record();
    const trials = upTo(setting.users - size + 2).map((first) => {
      const fewer = withoutAccounts(events, { from: first - 1, to: first - 1 + size });
      return carried({ ...setting, users: setting.users - size }, fewer);
    });
    return this.#try(trials);
  }

  async #tryCarried(settings: readonly Scenario[]): Promise<void> {
    if (this.#ending !== 'done') return;
    const events = await this.#record();
    await this.#try(settings.map((setting) => carried(setting, events)));
  }

  /** What happens in the least that is known. */
  async #record(): Promise<readonly NamedEvent[]> {
    const { lab } = this.#options;
    const { setting, choices } = this.#best;
    const plan = new RecordingPlan(new ReplayPlan(choices), eventName);
    await lab.runOnce(lab.program(setting), plan);
    this.#schedules += 1;
    return plan.events;
  }

  get #ending(): Shrunk['ending'] {
    if (realNowMs() > this.#deadlineMs) return 'time';
    return this.#schedules >= this.#options.schedulesMax ? 'schedules' : 'done';
  }

  /** Takes the first of the settings, each with any arrivals, in which the rule can be broken. */
  async #tryAnew(settings: readonly Scenario[], effort: Effort): Promise<void> {
    const trials = settings.flatMap(withAnyPattern).map((setting) => this.#trial(setting, effort));
    await this.#try(trials);
  }

  #trial(setting: Scenario, { by, runsMax }: Effort): Trial {
    return {
      setting,
      runsMax,
      source: by === 'fewest' ? this.#fewestIn(setting) : sampled(setting, runsMax),
    };
  }

  #fewestIn(setting: Scenario): FewestDecisions {
    const key = JSON.stringify(setting);
    const known = this.#fewest.get(key) ?? new FewestDecisions();
    this.#fewest.set(key, known);
    return known;
  }

  /** Runs trials in turn up to the first schedule that breaks the rule, which is then the best that is known. */
  async #try(trials: readonly Trial[], isBetter: IsBetter = () => true): Promise<boolean> {
    if (trials.length === 0 || this.#ending !== 'done') return false;
    const { lab, rule, schedulesMax } = this.#options;
    const supply = new TrialSource(trials, schedulesMax - this.#schedules);
    const search = new Search({
      programOf: (setting) => lab.program(setting),
      supply,
      shouldStop: () => this.#ending === 'time',
      repeatEvery: Number.POSITIVE_INFINITY,
      isWanted: (rules, choices) => rules.includes(rule) && isBetter(rules, choices),
    });
    await lab.run(search);
    this.#schedules += search.runs;
    const { failure } = search;
    if (failure !== null) this.#best = { ...failure, choices: trimmed(failure.choices) };
    return failure !== null;
  }

  /** Takes out as many decisions at once as can be spared: half of them, a quarter, … one. */
  async #cutDecisions(): Promise<void> {
    let size = Math.ceil(decisionCount(this.#best.choices) / 2);
    while (size >= 1 && this.#ending === 'done') {
      const { setting, choices } = this.#best;
      const plans = withoutSome(choices, size).map((fewer) => new ReplayPlan(fewer));
      const trial = { setting, runsMax: plans.length, source: sourceOf(plans) };
      if (!(await this.#try([trial]))) size = Math.floor(size / 2);
      size = Math.min(size, decisionCount(this.#best.choices));
    }
  }

  /**
   * Looks for a schedule of fewer decisions still, under any arrivals, and for one of as many that breaks fewer other
   * rules by the way.
   */
  async #polish(): Promise<void> {
    let isPolished = false;
    while (!isPolished) {
      const decisionsMax = decisionCount(this.#best.choices);
      const trials = withAnyPattern(this.#best.setting).map((setting) => {
        return { setting, runsMax: POLISHING_RUNS, source: new FewestDecisions({ decisionsMax }) };
      });
      isPolished = !(await this.#try(trials, (rules, choices) => this.#isPlainer(rules, choices)));
    }
  }

  #isPlainer(rules: readonly RuleId[], choices: Choices): boolean {
    const fewer = decisionCount(this.#best.choices) - decisionCount(choices);
    return fewer > 0 || (fewer === 0 && rules.length < this.#best.rules.length);
  }
}

function carried(setting: Scenario, events: readonly NamedEvent[]): Trial {
  return { setting, runsMax: 1, source: sourceOf([new CarriedPlan(events, eventName)]) };
}

function planOf(faults: readonly FaultKind[]): FaultPlan {
  return faults.length === 0 ? NO_FAULTS : { kinds: [...new Set(faults)], faultsMax: faults.length };
}

type IsBetter = (rules: readonly RuleId[], choices: Choices) => boolean;

/** None; one of those that were used, alone; only those that were used. */
function withFewerFaults({ setting, history }: Failure): readonly Scenario[] {
  const used = planOf(history.faults);
  const single = used.kinds.map((kind) => ({ kinds: [kind], faultsMax: 1 }));
  return [NO_FAULTS, ...single, used]
    .filter((faults) => size(faults) < size(setting.faults))
    .map((faults) => ({ ...setting, faults }));
}

function size({ kinds, faultsMax }: FaultPlan): number {
  return kinds.length * faultsMax;
}

function withFewerUsers({ setting }: Failure): readonly Scenario[] {
  return upTo(setting.users).map((users) => ({ ...setting, users }));
}

function withFewerCalls({ setting }: Failure): readonly Scenario[] {
  return upTo(setting.calls).map((calls) => ({ ...setting, calls }));
}

/** 1, 2, 3 … without `end`. */
function upTo(end: number): readonly number[] {
  return Array.from({ length: end - 1 }, (_, index) => index + 1);
}

/** With its own arrivals first. */
function withAnyPattern(setting: Scenario): readonly Scenario[] {
  const others = ARRIVAL_PATTERNS.filter((pattern) => pattern !== setting.pattern);
  return [setting, ...others.map((pattern) => ({ ...setting, pattern }))];
}

/** Each with a run of so many decisions replaced by defaults, the last decisions first. */
function withoutSome(choices: Choices, decisions: number): readonly Choices[] {
  const places = [...choices.keys()].filter((place) => choices[place] !== 0);
  const starts = upTo(Math.ceil(places.length / decisions) + 1).map((n) => places.length - n * decisions);
  return starts.map((start) => {
    const dropped = new Set(places.slice(Math.max(0, start), start + decisions));
    return trimmed(choices.map((choice, place) => (dropped.has(place) ? 0 : choice)));
  });
}

function sampled(setting: Scenario, runsMax: number): PlanSource {
  const sampling = new SamplingSource({
    strategies: SAMPLING_STRATEGIES,
    settings: [setting],
    seed: 1,
    lengths: [SAMPLED_LENGTH],
    from: 0,
    to: runsMax,
  });
  return { next: () => sampling.next()?.plan ?? null, finished: () => undefined };
}

function sourceOf(plans: readonly Plan[]): PlanSource {
  const left = [...plans];
  return { next: () => left.shift() ?? null, finished: () => undefined };
}
