export { createJudge, judge } from './judge.ts';
export type { Judge, JudgeContext, JudgeEnd } from './judge.ts';
export { EXIT_STATUS } from './verdict.ts';
export type { Counts, RuleVerdict, Strength, Verdict, VerdictWord } from './verdict.ts';
