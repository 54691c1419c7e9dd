import type { LedgerRow } from '../balances/index.ts';
import type { Trade } from '../orders/index.ts';

/** What a report is about, with its records, oldest first. */
export type ReportContent =
  | { readonly report: 'trades'; readonly records: readonly Trade[] }
  | { readonly report: 'ledgers'; readonly records: readonly LedgerRow[] };

/** A report that was asked for. Its records were collected then: nothing that comes later lies in its time. */
export interface Report {
  readonly id: string;
  readonly account: string;
  readonly description: string;
  readonly format: 'CSV' | 'TSV';
  /** As asked for; empty for all. */
  readonly fields: readonly string[];
  readonly content: ReportContent;
  /** The time of its records, both ends included. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly createdMs: number;
  /** When it is worked on. */
  readonly startedMs: number;
  /** From then on it can be retrieved. */
  readonly completedMs: number;
}

export type ReportStatus = 'Queued' | 'Processing' | 'Processed';

/** Reports are kept for two weeks: `expiretm` less `createdtm` in answers shown by clients. */
export const reportKeptMs: number = 14 * 86_400_000;

/** The reports of all accounts. Bounded over all of them together; when it is full, the oldest goes. */
export class Reports {
  readonly #reportsMax: number;
  /** By id, oldest first. */
  readonly #reports = new Map<string, Report>();

  constructor(reportsMax: number) {
    this.#reportsMax = reportsMax;
  }

  add(report: Report): void {
    this.#reports.set(report.id, report);
    for (const oldest of this.#reports.keys()) {
      if (this.#reports.size <= this.#reportsMax) return;
      this.#reports.delete(oldest);
    }
  }

  /** The report, if this account owns it and it has not expired. */
  get(account: string, id: string, atMs: number): Report | undefined {
    const report = this.#reports.get(id);
    return report?.account === account && isKept(report, atMs) ? report : undefined;
  }

  /** The account's reports, newest first. */
  of(account: string, atMs: number): readonly Report[] {
    return [...this.#reports.values()]
      .filter((report) => report.account === account && isKept(report, atMs))
      .toReversed();
  }

  remove({ id }: Report): void {
    this.#reports.delete(id);
  }
}

/** How far a report has come. */
export function statusOf({ startedMs, completedMs }: Report, atMs: number): ReportStatus {
  if (atMs < startedMs) return 'Queued';
  return atMs < completedMs ? 'Processing' : 'Processed';
}

function isKept({ createdMs }: Report, atMs: number): boolean {
  return atMs < createdMs + reportKeptMs;
}
