export { jsonReport } from './json.ts';
export type { RunFacts } from './run-facts.ts';
export { RunStatisticsCollector } from './run-statistics.ts';
export type { ClientSide, DurationSummary, NonceRange, RunStatistics } from './run-statistics.ts';
export { PLAIN, terminalReport } from './terminal.ts';
export type { Colors } from './terminal.ts';
