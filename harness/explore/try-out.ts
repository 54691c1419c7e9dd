import type { Verdict } from '../judge/verdict/index.ts';
import type { Schedule } from './schedule.ts';
import { historyHash } from './history-hash.ts';
import { judgeHistory } from './judge-history.ts';
import { inSession } from './exploration-session.ts';
import { tellStory } from './story.ts';
import type { Finished } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import type { ExploreTarget } from './target.ts';
import type { ClientHistory } from './world/index.ts';

/** What came of one schedule. */
export interface TryOut {
  readonly ending: Finished<unknown>['ending'];
  readonly history: ClientHistory;
  readonly historyHash: string;
  readonly verdict: Verdict;
  readonly story: readonly string[];
}

/** Runs a client under one schedule, and judges the run. */
export function tryOut(target: ExploreTarget, { setting, choices }: Schedule): Promise<TryOut> {
  return inSession(target, async (lab) => {
    const run = await lab.runOnce(lab.program(setting, { isRecorded: true }), new ReplayPlan(choices));
    const { result: history, ending } = run;
    const verdict = judgeHistory(history, setting);
    return { ending, history, historyHash: historyHash(history), verdict, story: tellStory(history.events) };
  });
}
