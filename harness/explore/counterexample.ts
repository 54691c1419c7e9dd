import { RULE_IDS } from '../judge/history/index.ts';
import type { RuleId } from '../judge/history/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import { historyHash } from './history-hash.ts';
import { brokenRules, judgeHistory } from './judge-history.ts';
import type { ExplorationSession } from './exploration-session.ts';
import { decisionCount } from './engine/index.ts';
import type { Failure } from './search.ts';
import type { Scenario } from './world/index.ts';
import { shrink } from './shrink.ts';
import type { Shrunk } from './shrink.ts';
import { tellStory } from './story.ts';
import { ReplayPlan } from './strategy/index.ts';
import type { ExploreTarget } from './target.ts';
import { codeFingerprint } from './token/index.ts';
import { encodeToken } from './token/index.ts';
import { explainStuck } from './wait-for.ts';
import type { ClientHistory } from './world/index.ts';

/** The least that was found to break a rule. */
export interface Counterexample {
  /** The rule that it was shrunk for. */
  readonly rule: RuleId;
  /** All rules that it breaks. */
  readonly rules: readonly RuleId[];
  readonly setting: Scenario;
  /** Choice points at which something else than the default happened. */
  readonly decisions: number;
  /** Replays it; `null` when it does not fit, which takes dozens of decisions. */
  readonly token: string | null;
  /** What happens, in numbered sentences. */
  readonly story: readonly string[];
  /** Who waits on whom, in sentences; empty unless calls never settled. */
  readonly waitFor: readonly string[];
  readonly verdict: Verdict;
  readonly history: ClientHistory;
  /** How it was found. */
  readonly shrinking: Pick<Shrunk, 'schedules' | 'ending'>;
}

/** Host milliseconds for which a run that seems stuck is watched for something from outside that moves it on. */
const GRACE_MS = 100;

/** What {@link explainFailure} needs. */
export interface FailureContext {
  readonly lab: ExplorationSession;
  readonly target: ExploreTarget;
  readonly rule: RuleId | undefined;
  /** See `ShrinkOptions`. */
  readonly shrinkSchedulesMax: number;
  readonly shrinkTimeoutMs: number;
}

/**
 * Shrinks a failure, runs the least of it once more, and tells what happens. `null` when that run does not break
 * the rule: the same choices led to something else, or the run was moved on from outside of its world.
 */
export async function explainFailure(
  failure: Failure,
  context: FailureContext,
): Promise<Counterexample | null> {
  const { lab, target } = context;
  const rule = context.rule ?? gravest(failure.rules);
  const limits = { schedulesMax: context.shrinkSchedulesMax, timeoutMs: context.shrinkTimeoutMs };
  const { setting, choices, ...shrinking } = await shrink(failure, { lab, rule, ...limits });
  const program = lab.program(setting, { isRecorded: true, graceMs: GRACE_MS });
  const run = await lab.runOnce(program, new ReplayPlan(choices));
  if (run.ending !== 'over') return null;
  const { result: history } = run;
  const verdict = judgeHistory(history, setting);
  const rules = brokenRules(verdict);
  if (!rules.includes(rule)) return null;
  const fingerprint = codeFingerprint(target.url);
  const schedule = { kind: 'choices', choices } as const;
  const token = encodeToken({
    target: target.name,
    setting,
    schedule,
    fingerprint,
    historyHash: historyHash(history),
  });
  const decisions = decisionCount(choices);
  const [story, waitFor] = [tellStory(history.events), explainStuck(history.events)];
  return { rule, rules, setting, decisions, token, story, waitFor, verdict, history, shrinking };
}

/** The rule to shrink for when several are broken: causes before consequences. */
function gravest(rules: readonly RuleId[]): RuleId {
  return GRAVITY.find((rule) => rules.includes(rule)) ?? rules[0] ?? RULE_IDS[0];
}

const GRAVITY: readonly RuleId[] = [
  'no-overlap',
  'nonce-reused',
  'nonce-exact',
  'nonce-increasing',
  'effect-once',
  'all-settle',
  'no-starvation',
  'nonce-global-order',
  'all-accepted',
  'exercised',
];
