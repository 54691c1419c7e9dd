export { defineConfig } from './config/index.ts';
export type { NonceproofConfig } from './config/index.ts';
export { main } from './main.ts';
export type { CommandContext, TextSink } from './commands/command.ts';
export type {
  Account,
  CallOptions,
  ClientWorld,
  CreateClient,
  TargetClient,
} from './target/client-module.ts';
export { runWorkload } from './target/workload.ts';
export type { MakeCall, WorkloadOptions } from './target/workload.ts';
export { observeRun } from './run/observe.ts';
export type { Observation, RunSurroundings } from './run/observe.ts';
export type { RunSettings } from './run/run-settings.ts';
export { judgeRun } from './run/judge-run.ts';
export { BUILT_IN_CLIENT, moduleTarget } from './run/target.ts';
export type { Target } from './run/target.ts';
export { DEFAULT_RUN } from './run/run-defaults.ts';
export { RULE_IDS, RULES } from './rules/index.ts';
export type {
  Rule,
  RuleContext,
  RuleId,
  RuleObserver,
  RuleOutcome,
  RuleStatus,
  RunEnd,
} from './rules/index.ts';
export { createJudge, EXIT_STATUS, judge } from './verdict/index.ts';
export type { Judge, JudgeContext, JudgeEnd, Verdict, VerdictWord } from './verdict/index.ts';
export { formatTraceLine, readTrace, sealTrace, TRACE_VERSION } from './history/index.ts';
export type { ClientCall, TraceFooter, TraceHeader, TraceReading } from './history/index.ts';
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
export type { HtmlReportParts, RunFacts } from './reports/index.ts';
export { RunStatisticsCollector } from './provenance/index.ts';
export { UsageError } from './usage-error.ts';
