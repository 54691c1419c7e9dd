export { colorsFor, PLAIN } from './colors.ts';
export type { Colors, ColorSetting } from './colors.ts';
export { jsonReport } from './json.ts';
export { junitReport } from './junit.ts';
export type { RunFacts } from './run-facts.ts';
export { RunStatisticsCollector } from './run-statistics.ts';
export type { ClientSide, DurationSummary, NonceRange, RunStatistics } from './run-statistics.ts';
export { terminalReport } from './terminal.ts';
