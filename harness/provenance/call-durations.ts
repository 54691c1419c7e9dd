import { LogHistogram } from './log-histogram.ts';

/** Quantiles of a duration in nanoseconds, each to within 1 %; the maximum exactly. */
export interface DurationSummary {
  readonly count: number;
  readonly p50Ns: number;
  readonly p90Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

/** Throughput and latency of some calls of a run. */
export interface CallFigures {
  readonly calls: number;
  /** Over the time of the whole run; `null` when nothing lasted long enough to say. */
  readonly callsPerSecond: number | null;
  /** From asking to arrival; `null` when the client's side is not known or its clock cannot be matched. */
  readonly queueWait: DurationSummary | null;
  /** From arrival to departure; `null` when no call departed. */
  readonly service: DurationSummary | null;
  /** From asking until the caller was told, retries included; `null` when the client's side is not known. */
  readonly total: DurationSummary | null;
}

/** Gathers durations of calls in bounded memory. */
export class CallDurations {
  readonly queueWait: LogHistogram = new LogHistogram();
  readonly service: LogHistogram = new LogHistogram();
  readonly total: LogHistogram = new LogHistogram();
  /** That arrived. */
  calls = 0;

  get isEmpty(): boolean {
    return this.calls === 0 && this.total.count === 0;
  }

  /** @param elapsedNs - how long the run took */
  figures(elapsedNs: number): CallFigures {
    return {
      calls: this.calls,
      callsPerSecond: elapsedNs > 0 ? Math.round((this.calls * 1e11) / elapsedNs) / 100 : null,
      queueWait: summarize(this.queueWait),
      service: summarize(this.service),
      total: summarize(this.total),
    };
  }
}

function summarize(durations: LogHistogram): DurationSummary | null {
  if (durations.count === 0) return null;
  const quantile = (q: number): number => Math.round(durations.quantile(q));
  return {
    count: durations.count,
    p50Ns: quantile(0.5),
    p90Ns: quantile(0.9),
    p99Ns: quantile(0.99),
    maxNs: Math.round(durations.max),
  };
}
