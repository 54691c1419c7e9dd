export { createJudge, judge } from './judge.ts';
export type { Judge, JudgeContext, JudgeEnd } from './judge.ts';
export { RefusalCounter } from './refusal-counter.ts';
export { EXIT_STATUS } from './verdict.ts';
export type { Counts, Refusal, RuleVerdict, Strength, Verdict, VerdictWord } from './verdict.ts';
