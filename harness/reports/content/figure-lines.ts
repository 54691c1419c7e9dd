import type { CallFigures, DurationSummary, RunStatistics } from '../../provenance/index.ts';
import { count, formatDuration, formatInteger } from '../../format.ts';

/** A duration's quantiles, short: for the columns of a table. */
export const QUANTILES = 'p50 · p90 · p99 · max';

/** Figures of some calls, each as text. */
export interface FigureRow {
  /** The method; of all calls, and of those of further methods, words that say so. */
  readonly name: string;
  readonly calls: string;
  /** Calls a second. */
  readonly rate: string;
  readonly queueWait: string;
  readonly service: string;
  readonly total: string;
}

/** Figures of all calls first, then of each method, if there are several. What is not known is a dash. */
export function figureRows(statistics: RunStatistics): readonly FigureRow[] {
  const { methods, otherMethods } = statistics;
  const isMixed = methods.length > 1 || otherMethods !== null;
  return [
    row('all calls', statistics),
    ...(isMixed ? methods.map((figures) => row(figures.method, figures)) : []),
    ...(otherMethods === null ? [] : [row('other methods', otherMethods)]),
  ];
}

function row(name: string, { calls, callsPerSecond, queueWait, service, total }: CallFigures): FigureRow {
  return {
    name,
    calls: formatInteger(calls),
    rate: callsPerSecond === null ? '–' : `${formatInteger(Math.round(callsPerSecond))}/s`,
    queueWait: quantiles(queueWait),
    service: quantiles(service),
    total: quantiles(total),
  };
}

function quantiles(summary: DurationSummary | null): string {
  if (summary === null) return '–';
  return [summary.p50Ns, summary.p90Ns, summary.p99Ns, summary.maxNs].map(formatDuration).join(' · ');
}

/** A row in one line. */
export function figuresOf({ calls, rate, queueWait, service, total }: FigureRow): string {
  return `${calls} calls, ${rate}; ${QUANTILES}: queue wait ${queueWait}; service ${service}; total ${total}`;
}

/** One line on a method: `AddOrder: 400 calls, service p50 5.4 ms, p99 26 ms, total p50 3.4 s, p99 7.0 s`. */
export function methodLine(name: string, { calls, service, total }: CallFigures): string {
  return [`${name}: ${count(calls, 'call')}`, ...spread('service', service), ...spread('total', total)].join(
    ', ',
  );
}

function spread(name: string, summary: DurationSummary | null): readonly string[] {
  if (summary === null) return [];
  return [`${name} p50 ${formatDuration(summary.p50Ns)}`, `p99 ${formatDuration(summary.p99Ns)}`];
}
