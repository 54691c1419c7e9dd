import type { FaultPlan } from '../../mock-kraken/index.ts';
import type { LaneScope } from '../../src/index.ts';
import type { Situation } from './targets/index.ts';
import type { CoordinatorName, NemesisKind } from './coordination/index.ts';

/** How a run over sockets is set up; complete. */
export interface RunOptions {
  readonly users: number;
  readonly callsPerAccount: number;
  readonly scope: LaneScope;
  readonly serviceMs: number;
  readonly arrivalJitterMs: number;
  readonly processes: number;
  /** Threads of each process of a client module. */
  readonly threads: number;
  /** How those threads and processes share the lane. */
  readonly coordinator: CoordinatorName;
  /** What is done to those processes, and to what they share; empty: nothing. */
  readonly nemesis: readonly NemesisKind[];
  /** One process for each account, with that account's credentials alone; `processes` is then not asked. */
  readonly perAccount: boolean;
  /** A command may reach hosts that are not Kraken's. */
  readonly allowNet: boolean;
  readonly seed: number;
  /** See `RuleContext`. */
  readonly strict: boolean;
  readonly timeoutMs: number;
  /** Of the clock handed to a client module; a command's is honest unless it has faults. */
  readonly clock: 'honest' | 'steps' | 'faults';
  /** The nonce window of every key, in milliseconds of nanosecond nonces. Default 0. */
  readonly nonceWindowMs?: number;
  /** What goes wrong at the exchange and on the way to it; `null`: nothing. */
  readonly faults: FaultPlan | null;
  /** What the runner of client modules brings about from the client's side. */
  readonly situations: readonly Situation[];
}
