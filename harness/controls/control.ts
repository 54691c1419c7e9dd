import type { CoordinatorName } from '../coordination/coordination.ts';
import type { RuleId } from '../rules/rule.ts';

/**
 * What must happen in a run, beyond its workload, for a defect to show. A run without it would acquit the
 * control, so such a control is left out where the situation cannot be brought about.
 *
 * - `call-fails`: a call fails, in the client's eyes, while others wait behind it; the first of all and some of
 *   the later ones. Whether it executed does not matter.
 * - `reply-lost`: the exchange accepts an AddOrder (a batch, a withdrawal, a transfer), and its reply never reaches the client: the connection is
 *   dropped, or stays silent until the client gives up.
 * - `delivered-twice`: a middlebox delivers an AddOrder twice, and the client reads the second reply.
 * - `abort-queued`: the caller aborts a call, by `CallOptions.signal`, while it waits for its turn.
 * - `account-limit`: two AddOrders are refused for a rate limit, while calls of other accounts wait.
 * - `restart`: the client is abandoned and made anew over the same keys, the wall clock having been set back by
 *   more than the first one lived.
 */
export type Situation =
  'call-fails' | 'reply-lost' | 'delivered-twice' | 'abort-queued' | 'account-limit' | 'restart';

/** What a control's workload needs so that its defect can show; the rest is the default of `verify`. */
export interface ControlSetting {
  readonly users?: number;
  readonly calls?: number;
  readonly serviceMs?: number;
  readonly scope?: 'global' | 'key';
  readonly timeoutS?: number;
  /** Its defect is a warning, which only a strict judge convicts. Default `false`. */
  readonly strict?: boolean;
  /** Processes and threads that it must run in; each makes its share of the calls. Default 1. */
  readonly processes?: number;
  readonly threads?: number;
  /** What it is told of the lane that they share. Default `local`: nothing. */
  readonly coordinator?: CoordinatorName;
  /** `steps`: the clock handed to the client stalls, steps back and jumps ahead. Default `honest`. */
  readonly clock?: 'honest' | 'steps';
  /** Default: none. */
  readonly situations?: readonly Situation[];
}

/**
 * A known-bad client. The file that exports it as `control` also exports `createClient`: a control is a client
 * module like any other.
 */
export interface Control {
  /** Kebab-case; equals the file's name. */
  readonly id: string;
  /** What is wrong with it, in half a sentence. */
  readonly defect: string;
  /** Where this defect was found in the wild, or how it comes about. */
  readonly origin: string;
  /** The rule that must fire. */
  readonly rule: RuleId;
  /**
   * Rules that cannot help firing too, each with the reason. What follows from `rule` by definition need not
   * be listed: see `IMPLIED` in `kill-matrix.ts`.
   */
  readonly also?: Readonly<Partial<Record<RuleId, string>>>;
  /** Packages that must be installed for it to run; they are development dependencies. */
  readonly needs?: readonly string[];
  readonly setting?: ControlSetting;
}

/** A correct client, which must raise no alarm. Exported as `reference` beside `createClient`. */
export interface Reference {
  readonly id: string;
  readonly description: string;
  readonly needs?: readonly string[];
  readonly setting?: ControlSetting;
}
