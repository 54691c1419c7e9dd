export { defineConfig } from './commands/config/index.ts';
export type { NonceproofConfig } from './commands/config/index.ts';
export { main } from './main.ts';
export type { CommandContext, TextSink } from './commands/index.ts';
export type { Account, CallOptions, ClientWorld, CreateClient, TargetClient } from './run/targets/index.ts';
export { runWorkload } from './run/targets/index.ts';
export type { MakeCall, WorkloadOptions } from './run/targets/index.ts';
export { observeRun } from './run/index.ts';
export type { Observation, RunSurroundings } from './run/index.ts';
export type { RunOptions } from './run/index.ts';
export { judgeRun } from './run/index.ts';
export { BUILT_IN_CLIENT, moduleTarget } from './run/index.ts';
export type { Target } from './run/index.ts';
export { DEFAULT_RUN } from './run/index.ts';
export { RULE_IDS } from './judge/history/index.ts';
export { RULES } from './judge/rules/index.ts';
export type {
  Rule,
  RuleContext,
  RuleObserver,
  RuleOutcome,
  RuleStatus,
  RunEnd,
} from './judge/rules/index.ts';
export type { RuleId } from './judge/history/index.ts';
export { createJudge, EXIT_STATUS, judge } from './judge/verdict/index.ts';
export type { Judge, JudgeContext, JudgeEnd, Verdict, VerdictWord } from './judge/verdict/index.ts';
export { formatTraceLine, readTrace, sealTrace, TRACE_VERSION } from './judge/history/index.ts';
export type { ClientCall, TraceFooter, TraceHeader, TraceReading } from './judge/history/index.ts';
export {
  githubAnnotations,
  githubSummary,
  htmlReport,
  jsonReport,
  junitReport,
  tapReport,
  terminalReport,
  traceEventsReport,
} from './reports/index.ts';
export type { HtmlReportParts } from './reports/index.ts';
export type { RunFacts } from './reports/content/index.ts';
export { RunStatisticsCollector } from './provenance/index.ts';
export { UsageError } from './usage-error.ts';
