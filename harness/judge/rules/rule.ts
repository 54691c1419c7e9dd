import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { LaneScope } from '../../../src/index.ts';
import type { CallFacts } from './call-facts.ts';
import type { ClientCall } from '../history/index.ts';
import type { RuleId } from '../history/index.ts';

/**
 * `inconclusive`: the rule applies but the evidence does not suffice. `not-applicable`: there was nothing this
 * rule speaks of (no order was placed; the scope is `key`). Neither is a pass.
 */
export type RuleStatus = 'held' | 'violated' | 'inconclusive' | 'not-applicable';

/**
 * What a warning may be of.
 * - `lost-precision`: nonces went through a floating-point number
 * - `nonce-ahead`: a nonce is so far ahead of the clock that it locks the key for every other tool
 * - `nonce-units`: one key got nonces in two units
 */
export const WARNING_IDS = ['lost-precision', 'nonce-ahead', 'nonce-units'] as const;

/** Something that breaks no rule and yet costs its user dearly: shown in every report, judged only strictly. */
export interface Warning {
  readonly id: (typeof WARNING_IDS)[number];
  /** The rule that says so. */
  readonly rule: RuleId;
  /** How many calls show it. */
  readonly calls: number;
  /** `seq` of the first of them. */
  readonly first: readonly number[];
  /** What was seen and what follows from it, in numbers. */
  readonly explanation: string;
}

/** What a rule concludes. */
export interface RuleOutcome {
  readonly status: RuleStatus;
  /** How often it was broken; 0 unless violated. */
  readonly violations: number;
  /** `seq` of the calls of the first violation, the offending one first. Empty when no call is to blame. */
  readonly first: readonly number[];
  /** A sentence that a person understands; for a rule that held, what it held over. */
  readonly explanation: string;
  /** Absent: none. */
  readonly warnings?: readonly Warning[];
}

/** How the target's process ended; absent when a history is judged that nobody here ran. */
export interface TargetExit {
  /** `null` when a signal ended it, or when it was never started. */
  readonly status: number | null;
  readonly signal: string | null;
  /** What ended it; `null`: it ended by itself. */
  readonly endedBy: TargetEnd | null;
  readonly timeoutMs: number;
  /** Milliseconds from its start until the harness began to end it. Absent: not known, or it ended by itself. */
  readonly ranMs?: number | undefined;
  /** How still the exchange was when the time limit came. Absent: not known, or there was no call. */
  readonly stillness?: Stillness | undefined;
}

/**
 * What ends a target that does not end by itself.
 *
 * - `time-limit`, `interrupt`: the harness ended it.
 * - `planned-stop`: the harness ended it as the run was meant to end (`--duration`, `--stop-after`).
 * - `uncaught-error`: an error of its own that nothing caught, in a simulated world, where nothing else can end it.
 */
export type TargetEnd = 'time-limit' | 'interrupt' | 'planned-stop' | 'uncaught-error';

/** How long nothing was in service. */
export interface Stillness {
  /** Up to the moment at which the harness ended the target; 0 while a call was in service. */
  readonly lastMs: number;
  /** The longest time between two calls before that. */
  readonly longestBeforeMs: number;
}

/** What the run set out to do, known before it began. */
export interface RuleContext {
  readonly scope: LaneScope;
  /** Accounts that the target was told of, MASTER first; `null` when judging a recorded file. */
  readonly accounts: readonly string[] | null;
  /** Threads and processes of the target, each of which asks for every account. Default 1. */
  readonly instances?: number;
  /**
   * Some of those are stopped or cut off from their lane for a while: others then rightly go before them. Default
   * `false`.
   */
  readonly absences?: boolean;
  /**
   * The run drives one account to a limit, and no call is part of a turn that a program took itself. Then a lane that
   * is kept empty until the account may call again is judged. Default `false`.
   */
  readonly accountLimit?: boolean;
  /** Kinds of fault that the plan contains; empty without faults. */
  readonly faultKinds: readonly string[];
  /** Warnings, and refusals of what calls ask for, break their rule. Default `false`. */
  readonly strict?: boolean;
  /**
   * UNIX milliseconds at the moment that the history's times count from; of a recording, the latest they can be.
   * Absent: unknown, and no nonce is compared with a clock.
   */
  readonly originMs?: number;
  /**
   * Whether {@link RunEnd.clientCalls} will be there. `false` spares the rules remembering each call's tag, which
   * is what keeps memory flat over a long recorded file. Default `true`.
   */
  readonly clientSide?: boolean;
}

/** What is known only when the run is over. */
export interface RunEnd {
  /** Absent for a recorded file. */
  readonly exit: TargetExit | null;
  /** Kinds of fault that struck while a call was pending, but not at the exchange: in the target's clock. Default none. */
  readonly faultsElsewhere?: readonly string[] | undefined;
  /** Connections that the fault `refuse` turned away: calls of which the history knows nothing. Default 0. */
  readonly connectionsRefused?: number | undefined;
  /** What the client's side was told, in the order of asking; `null` for a foreign command or a recorded file. */
  readonly clientCalls: readonly ClientCall[] | null;
}

/** Watches one history. Reads it once, front to back, in arrival order. */
export interface RuleObserver {
  /**
   * Returns whether this call broke the rule, as far as can be told at once; the judge compares that with what
   * the exchange noticed. Some rules know only at the end and always return `false`.
   */
  onCall(call: JournalRecord, facts: CallFacts): boolean;
  finish(end: RunEnd): RuleOutcome;
}

/** One property that is checked. */
export interface Rule {
  readonly id: RuleId;
  /** One line: holds when … */
  readonly holdsWhen: string;
  observe(context: RuleContext): RuleObserver;
}
