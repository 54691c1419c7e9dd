import type { LaneScope } from '../../src/index.ts';
import type { RuleId } from '../judge/history/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Scenario } from './world/index.ts';
import type { ExploreTarget } from './target.ts';
import type { ChunkPlan } from './chunk.ts';
import type { FaultPlan } from './world/index.ts';
import { ARRIVAL_PATTERNS } from './world/index.ts';
import type { ArrivalPattern } from './world/index.ts';

/** What {@link explore} takes. */
export interface ExploreOptions {
  readonly target: ExploreTarget;
  /** Accounts, MASTER included. Default 3. */
  readonly users?: number | undefined;
  /** Calls per account. Default 4: balance, order, cancellation, poll. */
  readonly calls?: number | undefined;
  /** Default `global`. */
  readonly scope?: LaneScope | undefined;
  /** Default `honest`. */
  readonly clock?: 'honest' | 'steps' | undefined;
  /** Default: all of them, in turn. */
  readonly patterns?: readonly ArrivalPattern[] | undefined;
  /** Default: none. */
  readonly faults?: FaultPlan | undefined;
  /** One of `STRATEGY_NAMES`. Default `portfolio`. */
  readonly strategy?: string | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
  /** Most schedules, repetitions not counted. Default 10,000; for `exhaustive` 10,000,000. */
  readonly schedulesMax?: number | undefined;
  /** Host milliseconds after which no schedule is begun. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** `exhaustive` only: most decisions in a schedule; turns the reduction off. Default: no limit. */
  readonly decisionsMax?: number | undefined;
  /** `exhaustive` only: skip equivalent schedules. Default `true`. */
  readonly isReduced?: boolean | undefined;
  /** `exhaustive` only: take accounts that have done nothing yet for interchangeable. Default `false`. */
  readonly isSymmetric?: boolean | undefined;
  /** `exhaustive` only: where an earlier exploration with the same options stopped. */
  readonly checkpoint?: Checkpoint | undefined;
  /** Tokens of this target that are replayed first. Default none. */
  readonly corpus?: readonly string[] | undefined;
  /** Warnings, and refusals of what calls ask for, break their rule. Default `false`. */
  readonly strict?: boolean | undefined;
  /** Only violations of this rule end the exploration. Default: of any. */
  readonly rule?: RuleId | undefined;
  /** Most schedules that may be tried to shrink a counterexample. Default 4,000. */
  readonly shrinkSchedulesMax?: number | undefined;
  /**
   * Host milliseconds after which shrinking is given up, so that a very slow client comes to an end. Default 60,000.
   * What is found depends on it when it is reached; the counterexample says so.
   */
  readonly shrinkTimeoutMs?: number | undefined;
  /**
   * Threads, this one included. Default 1. More need a target that is a file, and pay off from some thousand
   * schedules on. What is found does not depend on their number.
   */
  readonly threads?: number | undefined;
  /** Host milliseconds of work after which the other threads are started: they take as long to load. Default 2,000. */
  readonly threadsAfterMs?: number | undefined;
  /** Ends the exploration early; what was seen by then is judged. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many schedules were run. */
  readonly onProgress?: ((schedules: number) => void) | undefined;
  /** The command that does this again; ends up in the verdict. Default empty. */
  readonly reproduce?: string | undefined;
}

/** {@link ExploreOptions}, complete. */
export interface ExplorePlan extends Omit<ChunkPlan, 'conditions'> {
  readonly target: ExploreTarget;
  readonly schedulesMax: number;
  readonly timeoutMs: number;
  readonly checkpoint: Checkpoint | undefined;
  readonly corpus: readonly string[];
  readonly shrinkSchedulesMax: number;
  readonly shrinkTimeoutMs: number;
  readonly threads: number;
  readonly threadsAfterMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (schedules: number) => void;
  readonly reproduce: string;
}

/** Fills in the defaults. */
export function completeOptions(options: ExploreOptions): ExplorePlan {
  const { target, strategy = 'portfolio', seed = 42 } = options;
  const isExhaustive = strategy === 'exhaustive';
  return Object.freeze({
    target,
    settings: settingsOf(options, seed),
    strategy,
    seed,
    schedulesMax: options.schedulesMax ?? (isExhaustive ? 10_000_000 : 10_000),
    timeoutMs: options.timeoutMs ?? Number.POSITIVE_INFINITY,
    decisionsMax: options.decisionsMax,
    isReduced: options.isReduced ?? true,
    isSymmetric: options.isSymmetric ?? false,
    checkpoint: options.checkpoint,
    corpus: options.corpus ?? [],
    rule: options.rule,
    shrinkSchedulesMax: options.shrinkSchedulesMax ?? 4_000,
    shrinkTimeoutMs: options.shrinkTimeoutMs ?? 60_000,
    threads: options.threads ?? 1,
    threadsAfterMs: options.threadsAfterMs ?? 2_000,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => undefined),
    reproduce: options.reproduce ?? '',
  });
}

function settingsOf(options: ExploreOptions, seed: number): readonly Scenario[] {
  const { users = 3, calls = 4, scope = 'global', clock = 'honest', patterns = ARRIVAL_PATTERNS } = options;
  const judged = options.strict === true ? { strict: true } : {};
  const faults = options.faults ?? { kinds: [], faultsMax: 0 };
  return distinctPatterns(patterns, calls).map((pattern) => ({
    users,
    calls,
    pattern,
    scope,
    clock,
    faults,
    seed,
    ...judged,
  }));
}

/** With one call an account there is nothing to ask for in parallel. */
function distinctPatterns(patterns: readonly ArrivalPattern[], calls: number): readonly ArrivalPattern[] {
  const isTwin = calls === 1 && patterns.includes('staggered');
  return isTwin ? patterns.filter((pattern) => pattern !== 'parallel') : patterns;
}
