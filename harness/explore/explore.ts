import { count, formatInteger } from '../rules/words.ts';
import type { RuleVerdict, Verdict, VerdictWord } from '../verdict/index.ts';
import { checkCheckpoint, explorationIdentity } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { replayCorpus } from './corpus.ts';
import { explainFailure } from './counterexample.ts';
import type { Counterexample } from './counterexample.ts';
import { Exhausting } from './exhausting.ts';
import { completeOptions } from './explore-options.ts';
import type { ExploreOptions, ExplorePlan } from './explore-options.ts';
import { realNowMs } from './globals/real-world.ts';
import { inLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { pctClaims } from './pct-claim.ts';
import type { PctClaim } from './pct-claim.ts';
import type { Program } from './program.ts';
import { Sampling } from './sampling.ts';
import { Search } from './search.ts';
import type { Setting } from './setting.ts';
import { strategiesNamed } from './strategy/portfolio.ts';
import { Tally } from './tally.ts';
import type { ClientHistory } from './world/client-history.ts';

/** What an exploration found. */
export interface ExploreReport {
  /** As of a run over sockets, but over all schedules: `violations` counts schedules. */
  readonly verdict: Verdict;
  readonly facts: ExploreFacts;
  /** The least that breaks a rule; `null` when nothing does. */
  readonly counterexample: Counterexample | null;
  /** Where to go on; `null` unless an exhaustive search was interrupted. */
  readonly checkpoint: Checkpoint | null;
}

/** How an exploration went. */
export interface ExploreFacts {
  readonly target: string;
  readonly strategy: string;
  readonly settings: readonly Setting[];
  /** Schedules that were run to their end and judged, those of the corpus included. */
  readonly schedules: number;
  /** Of these, from the corpus. */
  readonly corpus: number;
  /** Schedules run again to see whether they do the same. */
  readonly repeated: number;
  /** Schedules given up because all that could follow was covered elsewhere. */
  readonly abandoned: number;
  readonly elapsedMs: number;
  readonly pctClaims: readonly PctClaim[];
  /** Globals that the client used, which made it one world at a time. */
  readonly globals: readonly string[];
}

/** Of so many schedules one is repeated. */
const REPEAT_EVERY = 50;

/** Schedules between two reports of progress. */
const PROGRESS_EVERY = 64;

/**
 * Runs a client under many schedules, each in a simulated world of its own, and judges every run by the rules that
 * judge runs over sockets. Stops at the first schedule that breaks one, shrinks it, and tells it.
 *
 * `held` is `exhaustive` when every schedule within the bounds was covered, `sampled` otherwise. It is
 * `inconclusive` when the search was cut short, when the client reached for something that the world does not
 * control, when the same choices gave two different histories, or when a needed situation never came about.
 *
 * Explorations of one process run one after the other: each replaces the globals of the process while it lasts.
 * @throws {UsageError} when the target cannot be loaded, or a checkpoint or token is of something else
 */
export function explore(options: ExploreOptions): Promise<ExploreReport> {
  const plan = completeOptions(options);
  if (plan.checkpoint !== undefined) checkCheckpoint(plan.checkpoint, plan);
  return inLab(plan.target, (lab) => new Exploration(plan, lab).run());
}

class Exploration {
  readonly #plan: ExplorePlan;
  readonly #lab: Lab;
  readonly #startedMs = realNowMs();
  readonly #tally: Tally;
  readonly #programs = new Map<Setting, Program<ClientHistory>>();
  readonly #supply: Sampling | Exhausting;
  #corpus = 0;

  constructor(plan: ExplorePlan, lab: Lab) {
    this.#plan = plan;
    this.#lab = lab;
    this.#tally = new Tally(plan.checkpoint?.tally);
    this.#supply = supplyOf(plan);
  }

  async run(): Promise<ExploreReport> {
    const corpus = await replayCorpus(this.#plan, { lab: this.#lab, tally: this.#tally });
    this.#corpus = corpus.replayed;
    const search = this.#createSearch();
    if (corpus.failure === null) await this.#lab.run(search);
    const failure = corpus.failure ?? search.failure;
    const counterexample =
      failure === null ? null : await explainFailure(failure, { ...this.#plan, lab: this.#lab });
    const defects = [
      ...this.#defects(search),
      ...(failure !== null && counterexample === null ? [NOT_REPRODUCED] : []),
    ];
    return this.#report(search, { counterexample, defects });
  }

  #createSearch(): Search {
    const { signal, onProgress, rule } = this.#plan;
    return new Search({
      programOf: (setting) => this.#programOf(setting),
      supply: this.#supply,
      shouldStop: ({ tally }) => {
        if (tally.runs % PROGRESS_EVERY === 0) onProgress(tally.runs);
        return signal?.aborted === true || this.#elapsedMs() > this.#plan.timeoutMs;
      },
      repeatEvery: REPEAT_EVERY,
      tally: this.#tally,
      rule,
    });
  }

  #programOf(setting: Setting): Program<ClientHistory> {
    const known = this.#programs.get(setting);
    if (known !== undefined) return known;
    const program = this.#lab.program(setting, { isSymmetric: this.#plan.isSymmetric });
    this.#programs.set(setting, program);
    return program;
  }

  #elapsedMs(): number {
    return realNowMs() - this.#startedMs;
  }

  /** What is wrong with the exploration itself: any of it makes inconclusive what would have held. */
  #defects(search: Search): readonly string[] {
    const { guard } = this.#lab;
    const refused = [...guard.refused].map(
      (resource) => `The client used a ${resource}, which no simulated world controls.`,
    );
    const cut =
      search.cut === 0 ? [] : [`${count(search.cut, 'schedule')} came to no end and could not be judged.`];
    const difference = search.difference === null ? [] : [explainDifference(search.difference.setting)];
    return [
      ...refused,
      ...guard.strayResources().map(explainStray),
      ...cut,
      ...difference,
      ...this.#explainBudget(search),
    ];
  }

  #explainBudget({ failure }: Search): readonly string[] {
    if (failure !== null) return [];
    if (this.#supply instanceof Exhausting) {
      if (this.#supply.isComplete) return [];
      const left = this.#supply.pending().flat().length;
      return [`The search was cut short: ${count(left, 'branch', 'branches')} of it were not searched.`];
    }
    return this.#plan.signal?.aborted === true ? ['The exploration was interrupted.'] : [];
  }

  #report(
    search: Search,
    found: { readonly counterexample: Counterexample | null; readonly defects: readonly string[] },
  ): ExploreReport {
    const { counterexample, defects } = found;
    const facts = this.#facts(search);
    const rules = this.#tally.rules(this.#plan.settings[0]?.faults.kinds ?? []);
    const isViolated = counterexample !== null;
    const verdict: Verdict = {
      verdict: isViolated ? 'violated' : conclude(rules, defects),
      strength: this.#plan.strategy === 'exhaustive' ? 'exhaustive' : 'sampled',
      scope: this.#plan.settings[0]?.scope ?? 'global',
      seed: this.#plan.seed,
      rules: rules.map((rule) => explainByExample(rule, counterexample)),
      counts: this.#tally.counts,
      notes: [...defects, ...explainFacts(facts)],
      reproduce: counterexample?.token ? `nonceproof replay ${counterexample.token}` : this.#plan.reproduce,
    };
    return { verdict, facts, counterexample, checkpoint: this.#checkpoint(search) };
  }

  #facts(search: Search): ExploreFacts {
    const { target, strategy, settings } = this.#plan;
    const claims =
      this.#supply instanceof Sampling
        ? pctClaims(this.#supply, { strategies: strategiesNamed(strategy), settings })
        : [];
    return {
      target: target.title,
      strategy,
      settings,
      schedules: this.#tally.runs,
      corpus: this.#corpus,
      repeated: search.repeated,
      abandoned: search.abandoned + (this.#plan.checkpoint?.abandoned ?? 0),
      elapsedMs: this.#elapsedMs(),
      pctClaims: search.failure === null ? claims : [],
      globals: [...this.#lab.guard.used],
    };
  }

  #checkpoint(search: Search): Checkpoint | null {
    if (!(this.#supply instanceof Exhausting) || this.#supply.isComplete || search.failure !== null)
      return null;
    return {
      version: 1,
      identity: explorationIdentity(this.#plan),
      branches: this.#supply.pending(),
      tally: this.#tally.snapshot(),
      abandoned: search.abandoned + (this.#plan.checkpoint?.abandoned ?? 0),
    };
  }
}

function supplyOf(plan: ExplorePlan): Sampling | Exhausting {
  const { settings, seed, schedulesMax, decisionsMax, isReduced, checkpoint } = plan;
  if (plan.strategy === 'exhaustive') {
    return new Exhausting({
      settings,
      schedulesMax,
      decisionsMax,
      isReduced,
      branches: checkpoint?.branches,
    });
  }
  return new Sampling({ strategies: strategiesNamed(plan.strategy), settings, seed, schedulesMax });
}

const NOT_REPRODUCED =
  'A schedule broke a rule, but did not do so again: the client depends on something outside of its world.';

function explainDifference({ pattern }: Setting): string {
  return `The same choices gave two different histories (arrivals ${pattern}): the client depends on something outside of its world.`;
}

function explainStray(resource: string): string {
  return `Something outside of every world was begun and is still under way: ${resource}.`;
}

/** As for one run: a violation needs no whole evidence, everything else does. */
function conclude(rules: readonly RuleVerdict[], defects: readonly string[]): VerdictWord {
  const some = (status: RuleVerdict['status']): boolean => rules.some((rule) => rule.status === status);
  return defects.length === 0 && some('held') && !some('inconclusive') && !some('violated')
    ? 'held'
    : 'inconclusive';
}

/** What the least counterexample says of a rule is easier to follow than what the first schedule said. */
function explainByExample(rule: RuleVerdict, counterexample: Counterexample | null): RuleVerdict {
  const example = counterexample?.verdict.rules.find(
    ({ id, status }) => id === rule.id && status === 'violated',
  );
  if (rule.status !== 'violated' || example === undefined) return rule;
  return { ...rule, first: example.first, explanation: example.explanation };
}

function explainFacts({ pctClaims: claims, globals }: ExploreFacts): readonly string[] {
  const inWords = claims.map(
    ({ depth, schedules, actors, length, missProbability }) =>
      `PCT: ${count(schedules, 'schedule')} of depth ${depth} miss a defect that needs ${depth - 1} ill-timed preemptions among ${actors} actors and ${formatInteger(length)} choice points with a probability of at most ${missProbability.toPrecision(2)}.`,
  );
  if (globals.length === 0) return inWords;
  return [...inWords, `The client used ${globals.join(', ')}: explored one world at a time.`];
}
