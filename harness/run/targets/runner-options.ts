import type { LaneScope } from '../../../src/index.ts';
import type { Situation } from './situation.ts';
import type { Coordination, StartLine } from '../coordination/index.ts';

/** What the runner of client modules is told beside the contract's variables. */
export interface RunnerOptions {
  /** File URL of the client module. */
  readonly module: string;
  /** Where the runner writes what the client's side was told. */
  readonly clientLog: string;
  readonly scope: LaneScope;
  /** `faults`: it steps, stalls and restarts, and says so in `clockLog`. */
  readonly clock: 'honest' | 'steps' | 'faults';
  /** Where the runner writes which faults of the clock struck while a call was pending, a line each. */
  readonly clockLog: string;
  /** See `ClientWorld`. */
  readonly slowestServiceMs?: number | undefined;
  /** What the runner brings about from the client's side. */
  readonly situations: readonly Situation[];
  /** Processes of this run; each makes its share of every account's calls. */
  readonly processes: number;
  /** Threads of each process; each makes its share of the process's calls. */
  readonly threads: number;
  /** Where they wait for each other before they begin. */
  readonly startLine: StartLine;
  /** The clocks of the processes differ by minutes. */
  readonly isSkewed: boolean;
  /** Told to the client module. */
  readonly coordination: Coordination;
}

/** The environment variable that carries {@link RunnerOptions} as JSON. */
export const RUNNER_SETTINGS = 'NONCEPROOF_RUNNER';

/** The runner ends with this status after SIGTERM, as a shell names the signal. */
export const TERMINATED_STATUS = 143;

/** The runner ends with this status when it cannot load the client module, and says why on standard error. */
export const MODULE_UNUSABLE_STATUS = 64;
