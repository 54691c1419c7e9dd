import type { CoordinatorName } from '../../run/coordination/index.ts';
import type { Situation } from '../../run/targets/index.ts';

/** What a control's workload needs so that its defect can show; the rest is the default of `verify`. */
export interface ControlScenario {
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
  /** How far below its key's highest nonce a nonce may be, in milliseconds of nanosecond nonces. Default 0. */
  readonly nonceWindowMs?: number;
  /** Default: none. */
  readonly situations?: readonly Situation[];
}
