import type { Verdict } from '../judge/verdict/index.ts';
import { historyHash } from './history-hash.ts';
import { judgeHistory } from './judge-history.ts';
import { inSession } from './exploration-session.ts';
import { tokenPlan } from './replay-plan.ts';
import { tellStory } from './story.ts';
import { ReplayPlan } from './strategy/index.ts';
import type { ExploreTarget } from './target.ts';
import { codeFingerprint } from './token/index.ts';
import type { Token } from './token/index.ts';
import { explainStuck } from './wait-for.ts';
import type { ClientHistory } from './world/index.ts';

/** What came of replaying a token. */
export interface ReplayReport {
  /** On the one run. */
  readonly verdict: Verdict;
  readonly history: ClientHistory;
  readonly historyHash: string;
  /** The history is that of the run for which the token was made, to the byte. */
  readonly isSameHistory: boolean;
  /** The code is not that for which the token was made. */
  readonly hasCodeChanged: boolean;
  /** A choice of the token did not exist: the default was taken instead. */
  readonly hasDiverged: boolean;
  /** It did not come to an end. */
  readonly wasCut: boolean;
  readonly story: readonly string[];
  readonly waitFor: readonly string[];
}

/** Runs the schedule of a token once more. The target must be the token's. */
export function replay(token: Token, target: ExploreTarget): Promise<ReplayReport> {
  const { setting } = token;
  return inSession(target, async (lab) => {
    const plan = tokenPlan(token);
    const run = await lab.runOnce(lab.program(setting, { isRecorded: true }), plan);
    const { result: history, ending } = run;
    const hash = historyHash(history);
    return {
      verdict: judgeHistory(history, setting),
      history,
      historyHash: hash,
      isSameHistory: hash === token.historyHash,
      hasCodeChanged: codeFingerprint(target.url) !== token.fingerprint,
      hasDiverged: plan instanceof ReplayPlan && plan.hasDiverged,
      wasCut: ending === 'cut',
      story: tellStory(history.events),
      waitFor: explainStuck(history.events),
    };
  });
}
