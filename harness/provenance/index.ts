export type { CallFigures, DurationSummary } from './call-durations.ts';
export { provenanceOf } from './provenance.ts';
export type { Provenance, TraceIdentity } from './provenance.ts';
export { RunStatisticsCollector } from './run-statistics.ts';
export type { ClientSide, MethodFigures, RunStatistics } from './run-statistics.ts';
export { readSourceState } from './source-state.ts';
