import { namedFaultPlan } from '../../mock-kraken/index.ts';
import type { RunOptions } from './run-options.ts';
import type { Target } from './target.ts';
import { UsageError } from '../usage-error.ts';
import { findFaketime } from './faults/index.ts';
import { QUICK_ABSENT_ORDERS, QUICK_DURATIONS, QUICK_TIMES_PER_KIND } from './faults/index.ts';
import { readFaultPlan } from './faults/index.ts';

/** What can be asked to go wrong by name. */
export const FAULTS_NAMES = ['none', 'network', 'hostile', 'clock'] as const;

export type FaultsName = (typeof FAULTS_NAMES)[number];

/** What the command line says of faults. */
export interface FaultsChoice {
  readonly faults?: FaultsName;
  /** A file. */
  readonly faultPlan?: string;
}

/** The run that faults are chosen for. */
export interface FaultedRun {
  /** How many calls it is expected to make. */
  readonly calls: number;
  readonly seed: number;
  readonly target: Target;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What goes wrong in a run, in the words of its settings; `null` when the command line says nothing of it.
 * @throws {UsageError} when it cannot be brought about
 */
export function chooseFaults(choice: FaultsChoice, run: FaultedRun): Partial<RunOptions> | null {
  const { faults, faultPlan } = choice;
  if (faults !== undefined && faultPlan !== undefined) {
    throw new UsageError('Failed to choose faults: --faults and --fault-plan exclude each other. Give one.');
  }
  if (faultPlan !== undefined) return { faults: readFaultPlan(faultPlan, run.cwd) };
  if (faults === undefined) return null;
  if (faults === 'none') return { faults: null };
  if (faults === 'clock') return chooseClock(run);
  const { calls, seed, target } = run;
  const pace = target.kind === 'module' ? QUICK_PACE : {};
  return { faults: namedFaultPlan(faults, { calls, seed, ...pace }) };
}

const QUICK_PACE = {
  ms: QUICK_DURATIONS,
  timesPerKind: QUICK_TIMES_PER_KIND,
  absentOrders: QUICK_ABSENT_ORDERS,
};

/** The clock of a client module is handed to it; that of a command is faked. */
function chooseClock({ target, env }: FaultedRun): Partial<RunOptions> {
  if (target.kind === 'command') findFaketime(env);
  return { clock: 'faults' };
}
