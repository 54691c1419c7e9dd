export type { CallFigures, DurationSummary } from './call-durations.ts';
export { provenanceOf } from './provenance.ts';
export type { Provenance } from './provenance.ts';
export { RunStatisticsCollector } from './run-statistics.ts';
export type { ClientSide, RunStatistics } from './run-statistics.ts';
export { readSourceState } from './source-state.ts';
