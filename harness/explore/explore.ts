import { count, formatInteger } from '../format.ts';
import type { RuleVerdict, Verdict, VerdictWord } from '../judge/verdict/index.ts';
import { checkCheckpoint, explorationIdentity } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { runChunk } from './chunk.ts';
import type { ChunkPlan } from './chunk.ts';
import { replayCorpus } from './corpus.ts';
import { explainFailure } from './counterexample.ts';
import type { Counterexample } from './counterexample.ts';
import { WorkerPool } from './worker-pool.ts';
import { ExhaustiveWorkQueue, SamplingWorkQueue } from './work-queue.ts';
import type { WorkQueue } from './work-queue.ts';
import { completeOptions } from './explore-options.ts';
import type { ExploreOptions, ExplorePlan } from './explore-options.ts';
import { realNowMs } from './globals/index.ts';
import { inSession } from './exploration-session.ts';
import type { ExplorationSession } from './exploration-session.ts';
import { ExplorationTotals } from './exploration-totals.ts';
import { pctClaims } from './pct-claim.ts';
import type { PctClaim } from './pct-claim.ts';
import type { Scenario } from './world/index.ts';
import { WHOLE_TREE } from './strategy/index.ts';
import type { Branch } from './strategy/index.ts';
import { strategiesNamed } from './strategy/index.ts';

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
  readonly settings: readonly Scenario[];
  /** Schedules that were run to their end and judged, those of the corpus included. */
  readonly schedules: number;
  /** Of these, from the corpus. */
  readonly corpus: number;
  /** Schedules run again to see whether they do the same. */
  readonly repeated: number;
  /** Schedules given up because all that could follow was covered elsewhere. */
  readonly abandoned: number;
  /** Host milliseconds until a violation was found, or until the end. */
  readonly elapsedMs: number;
  /** Host milliseconds after that, for shrinking and telling it. */
  readonly shrinkMs: number;
  readonly pctClaims: readonly PctClaim[];
  /** Globals that the client used, which made it one world at a time. */
  readonly globals: readonly string[];
}

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
  return inSession(plan.target, (lab) => new Exploration(plan, lab).run());
}

class Exploration {
  readonly #plan: ExplorePlan;
  readonly #lab: ExplorationSession;
  readonly #startedMs = realNowMs();
  readonly #ledger: ExplorationTotals;
  /** Set by an exhaustive search: what it has not searched, by the place of the setting. */
  #pending: readonly (readonly Branch[])[] = [];
  #reported = 0;
  #searchedMs = 0;

  constructor(plan: ExplorePlan, lab: ExplorationSession) {
    this.#plan = plan;
    this.#lab = lab;
    this.#ledger = new ExplorationTotals(plan.checkpoint);
  }

  async run(): Promise<ExploreReport> {
    this.#ledger.corpus = await replayCorpus(this.#plan, { lab: this.#lab, ledger: this.#ledger });
    if (this.#ledger.failure === null) await this.#search();
    const { failure } = this.#ledger;
    this.#searchedMs = realNowMs();
    const counterexample =
      failure === null ? null : await explainFailure(failure, { ...this.#plan, lab: this.#lab });
    const isLost = failure !== null && counterexample === null;
    return this.#report(counterexample, [...this.#defects(), ...(isLost ? [NOT_REPRODUCED] : [])]);
  }

  #search(): Promise<void> {
    return this.#plan.strategy === 'exhaustive' ? this.#exhaust() : this.#sample();
  }

  async #sample(): Promise<void> {
    const watch = { shouldStop: () => this.#shouldStop(), onSchedules: () => undefined };
    const scouts = await runChunk({ kind: 'scouts' }, { plan: this.#chunkPlan(), lab: this.#lab, watch });
    this.#ledger.add(scouts);
    if (scouts.failure !== null) return;
    const schedulesMax = Math.max(0, this.#plan.schedulesMax - scouts.tally.runs);
    await this.#work(new SamplingWorkQueue(schedulesMax, scouts.lengths));
  }

  async #exhaust(): Promise<void> {
    const { settings, checkpoint, schedulesMax } = this.#plan;
    const dealer = new ExhaustiveWorkQueue(
      checkpoint?.branches ?? settings.map(() => WHOLE_TREE),
      schedulesMax,
    );
    await this.#work(dealer);
    this.#pending = dealer.pending;
  }

  async #work(dealer: WorkQueue): Promise<void> {
    const crew = new WorkerPool({
      plan: this.#chunkPlan(),
      lab: this.#lab,
      target: this.#plan.target,
      threads: this.#plan.threads,
      threadsAfterMs: this.#plan.threadsAfterMs,
      nowMs: realNowMs,
      shouldStop: () => this.#shouldStop(),
      onProgress: (schedules) => this.#plan.onProgress((this.#reported += schedules)),
    });
    for (const result of await crew.run(dealer)) this.#ledger.add(result);
  }

  #chunkPlan(): ChunkPlan {
    const { settings, strategy, seed, decisionsMax, isReduced, isSymmetric, rule } = this.#plan;
    const { conditions } = this.#lab;
    return { settings, strategy, seed, decisionsMax, isReduced, isSymmetric, rule, conditions };
  }

  #shouldStop(): boolean {
    const { signal, timeoutMs } = this.#plan;
    return signal?.aborted === true || realNowMs() - this.#startedMs > timeoutMs;
  }

  /** What is wrong with the exploration itself: any of it makes inconclusive what would have held. */
  #defects(): readonly string[] {
    const { refused, stray, cut, differs } = this.#ledger;
    return [
      ...[...refused].map((resource) => `The client used a ${resource}, which no simulated world controls.`),
      ...[...stray].map(
        (resource) => `Something outside of every world was begun and is still under way: ${resource}.`,
      ),
      ...(cut === 0 ? [] : [`${count(cut, 'schedule')} came to no end and could not be judged.`]),
      ...(differs === null ? [] : [explainDifference(differs)]),
      ...(this.#ledger.failure === null ? this.#explainEnd() : []),
    ];
  }

  #explainEnd(): readonly string[] {
    const left = this.#pending.flat().length;
    if (left > 0)
      return [`The search was cut short: ${count(left, 'branch', 'branches')} of it were not searched.`];
    return this.#plan.signal?.aborted === true ? ['The exploration was interrupted.'] : [];
  }

  #report(counterexample: Counterexample | null, defects: readonly string[]): ExploreReport {
    const { settings, strategy, seed, reproduce } = this.#plan;
    const facts = this.#facts();
    const rules = this.#ledger.rules.rules(settings[0]?.faults.kinds ?? []);
    const verdict: Verdict = {
      verdict: counterexample === null ? conclude(rules, defects) : 'violated',
      strength: strategy === 'exhaustive' ? 'exhaustive' : 'sampled',
      sealed: null,
      scope: settings[0]?.scope ?? 'global',
      seed,
      rules: rules.map((rule) => explainByExample(rule, counterexample)),
      counts: this.#ledger.rules.counts,
      refusals: this.#ledger.rules.refusals,
      warnings: this.#ledger.rules.warnings,
      strict: settings[0]?.strict ?? false,
      notes: [...defects, ...explainFacts(facts)],
      reproduce: counterexample?.token ? `nonceproof replay ${counterexample.token}` : reproduce,
    };
    return { verdict, facts, counterexample, checkpoint: this.#checkpoint() };
  }

  #facts(): ExploreFacts {
    const { target, strategy, settings } = this.#plan;
    const { rules, corpus, repeated, abandoned, used, lengths, faultFree, failure } = this.#ledger;
    const drawn = { strategies: strategiesNamed(strategy), settings, lengths, faultFree };
    return {
      target: target.title,
      strategy,
      settings,
      schedules: rules.runs,
      corpus,
      repeated,
      abandoned,
      elapsedMs: this.#searchedMs - this.#startedMs,
      shrinkMs: realNowMs() - this.#searchedMs,
      pctClaims: failure === null && lengths.length > 0 ? pctClaims(drawn) : [],
      globals: [...used],
    };
  }

  #checkpoint(): Checkpoint | null {
    const { rules, abandoned, failure } = this.#ledger;
    if (failure !== null || this.#pending.flat().length === 0) return null;
    const identity = explorationIdentity(this.#plan);
    return { version: 2, identity, branches: this.#pending, tally: rules.snapshot(), abandoned };
  }
}

const NOT_REPRODUCED =
  'A schedule broke a rule, but did not do so again: the client depends on something outside of its world.';

function explainDifference({ pattern }: Scenario): string {
  return `The same choices gave two different histories (arrivals ${pattern}): the client depends on something outside of its world.`;
}

/** As for one run: a violation needs no whole evidence, everything else does. */
function conclude(rules: readonly RuleVerdict[], defects: readonly string[]): VerdictWord {
  const some = (status: RuleVerdict['status']): boolean => rules.some((rule) => rule.status === status);
  const isWhole = defects.length === 0 && !some('inconclusive') && !some('violated');
  return isWhole && some('held') ? 'held' : 'inconclusive';
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
      `PCT: a defect of depth ${depth} that needs no fault, among ${actors} actors and at most ${count(length, 'choice point')}, ` +
      `is missed by ${formatInteger(schedules)} such schedules with a probability of at most ${missProbability.toPrecision(2)}.`,
  );
  if (globals.length === 0) return inWords;
  return [...inWords, `The client used ${globals.join(', ')}: explored one world at a time.`];
}
