import type { Account } from './targets/index.ts';
import { UsageError } from '../usage-error.ts';

/** One process of a target. */
export interface PlannedProcess {
  /** 0-based. */
  readonly index: number;
  /** The accounts it is told of; the first one's credentials are also in `KRAKEN_API_KEY` and `KRAKEN_API_SECRET`. */
  readonly accounts: readonly Account[];
  /** Name of the file with `accounts`. */
  readonly accountsFile: string;
}

/** How many processes there are, and who of them trades for whom. */
export interface ProcessPlanOptions {
  readonly accounts: readonly Account[];
  readonly processes: number;
  /** One process for each account, with that account's credentials alone; `processes` is then not asked. */
  readonly perAccount: boolean;
}

/** More processes than this at a time are no test of the target but of the machine. */
export const PROCESSES_MAX = 256;

/**
 * Plans the processes of a run.
 * @throws {UsageError} when there would be more than {@link PROCESSES_MAX}
 */
export function planProcesses({
  accounts,
  processes,
  perAccount,
}: ProcessPlanOptions): readonly PlannedProcess[] {
  const wanted = perAccount ? accounts.length : processes;
  if (wanted > PROCESSES_MAX) {
    throw new UsageError(
      `Failed to start ${wanted} processes: at most ${PROCESSES_MAX} run at a time. Lower --users or --processes.`,
    );
  }
  if (perAccount) {
    return accounts.map((account, index) => ({
      index,
      accounts: [account],
      accountsFile: `accounts-${index}.json`,
    }));
  }
  return Array.from({ length: processes }, (_, index) => ({
    index,
    accounts,
    accountsFile: 'accounts.json',
  }));
}
