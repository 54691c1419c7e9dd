import type { RuleId } from '../judge/history/index.ts';
import type { TargetExit } from '../judge/rules/index.ts';
import { judge } from '../judge/verdict/index.ts';
import type { Strength, Verdict } from '../judge/verdict/index.ts';
import { accountNames } from './world/index.ts';
import type { Scenario } from './world/index.ts';
import type { ClientHistory, RunEnding } from './world/index.ts';

/** Judges one run by all rules, those of a run over sockets. */
export function judgeHistory(
  history: ClientHistory,
  setting: Scenario,
  strength: Strength = 'sampled',
): Verdict {
  const { scope, seed, strict = false } = setting;
  // Faults are asked of the exploration as a whole: a single schedule need not contain them.
  const context = {
    scope,
    accounts: accountNames(setting),
    faultKinds: [],
    seed,
    strength,
    strict,
    reproduce: '',
  };
  const { ending, clientCalls, publicCalls } = history;
  return judge(history.records, context, { exit: EXITS[ending], clientCalls, publicCalls });
}

/** The rules that a verdict found broken. */
export function brokenRules({ rules }: Pick<Verdict, 'rules'>): readonly RuleId[] {
  return rules.filter(({ status }) => status === 'violated').map(({ id }) => id);
}

/** What would have become of a process: Node ends one with status 13 when nothing is left that could go on. */
const EXITS: Readonly<Record<RunEnding, TargetExit | null>> = {
  completed: exitWith(0),
  stuck: exitWith(13),
  crashed: { ...exitWith(1), endedBy: 'uncaught-error' },
  interrupted: null,
};

function exitWith(status: number): TargetExit {
  return { status, signal: null, endedBy: null, timeoutMs: 0 };
}
