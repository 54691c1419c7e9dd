import type { LaneScope } from '../../../src/index.ts';
import type { Provenance } from '../../provenance/index.ts';
import type { RuleStatus, Warning } from '../rules/index.ts';
import type { RuleId } from '../history/index.ts';

export type VerdictWord = 'held' | 'violated' | 'inconclusive';

/** `observed`: one run over sockets. `sampled`: N schedules. `exhaustive`: every schedule within a stated bound. */
export type Strength = 'observed' | 'sampled' | 'exhaustive';

/** One rule's line of a verdict. */
export interface RuleVerdict {
  readonly id: RuleId;
  readonly status: RuleStatus;
  readonly violations: number;
  readonly first: readonly number[];
  readonly explanation: string;
}

/** Counts over the history. */
export interface Counts {
  /** Accounts that made at least one private call. */
  readonly accounts: number;
  readonly calls: number;
  readonly accepted: number;
  /** For whatever reason but a fault. */
  readonly rejected: number;
  /** Of these, the ones that were refused for what they asked for, not for the way they were called. */
  readonly refused: number;
  readonly faulted: number;
  readonly publicCalls: number;
}

/** Calls refused for what they asked for, by the exchange's words. */
export interface Refusal {
  readonly error: string;
  readonly calls: number;
  /** `seq` of the first. */
  readonly first: number;
}

/** What the rules conclude of one history: `verdict.json`. */
export interface Verdict {
  readonly verdict: VerdictWord;
  readonly strength: Strength;
  /**
   * Of a history that was read from a file: whether header and footer of the file are there and say of it what it is.
   * `false`: what is missing at its end cannot be seen, or `notes` say what is wrong. `null`: the history was observed
   * or simulated here.
   */
  readonly sealed: boolean | null;
  readonly scope: LaneScope;
  readonly seed: number;
  /** All ten, in the order of `RULE_IDS`. */
  readonly rules: readonly RuleVerdict[];
  readonly counts: Counts;
  /** Those of `counts.refused`, most frequent first; the rarest beyond 100 strings are left out. */
  readonly refusals: readonly Refusal[];
  /** What breaks no rule and should be mended all the same. */
  readonly warnings: readonly Warning[];
  /** Whether refusals and warnings were judged as well. */
  readonly strict: boolean;
  /** Things a reader should know that no rule says, e.g. that scope `key` would have held. */
  readonly notes: readonly string[];
  /** The command that runs this again. */
  readonly reproduce: string;
  /** Where the history comes from; absent where it was simulated, or is still going on. */
  readonly provenance?: Provenance | undefined;
}

/** Exit statuses of the command line. */
export const EXIT_STATUS = {
  held: 0,
  violated: 1,
  inconclusive: 2,
  badUsage: 64,
  internalError: 70,
} as const;
