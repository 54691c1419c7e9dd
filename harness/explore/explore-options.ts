import type { LaneScope } from '../../src/index.ts';
import type { RuleId } from '../rules/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Setting } from './setting.ts';
import type { ExploreTarget } from './target.ts';
import type { FaultPlan } from './world/fault-kinds.ts';
import { ARRIVAL_PATTERNS } from './world/workload.ts';
import type { ArrivalPattern } from './world/workload.ts';

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
  /** Only violations of this rule end the exploration. Default: of any. */
  readonly rule?: RuleId | undefined;
  /** Host milliseconds that may be spent on shrinking a counterexample. Default 2,000. */
  readonly shrinkMs?: number | undefined;
  /** Ends the exploration early; what was seen by then is judged. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many schedules were run. */
  readonly onProgress?: ((schedules: number) => void) | undefined;
  /** The command that does this again; ends up in the verdict. Default empty. */
  readonly reproduce?: string | undefined;
}

/** {@link ExploreOptions}, complete. */
export interface ExplorePlan {
  readonly target: ExploreTarget;
  /** One for each arrival pattern. */
  readonly settings: readonly Setting[];
  readonly strategy: string;
  readonly seed: number;
  readonly schedulesMax: number;
  readonly timeoutMs: number;
  readonly decisionsMax: number | undefined;
  readonly isReduced: boolean;
  readonly isSymmetric: boolean;
  readonly checkpoint: Checkpoint | undefined;
  readonly corpus: readonly string[];
  readonly rule: RuleId | undefined;
  readonly shrinkMs: number;
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
    shrinkMs: options.shrinkMs ?? 2_000,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => undefined),
    reproduce: options.reproduce ?? '',
  });
}

function settingsOf(options: ExploreOptions, seed: number): readonly Setting[] {
  const { users = 3, calls = 4, scope = 'global', clock = 'honest', patterns = ARRIVAL_PATTERNS } = options;
  const faults = options.faults ?? { kinds: [], faultsMax: 0 };
  return patterns.map((pattern) => ({ users, calls, pattern, scope, clock, faults, seed }));
}
