import type { JournalRecord } from '../../mock-kraken/index.ts';
import { aCall, aUserCall } from '../rules/history.test-support.ts';
import { judge } from '../verdict/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { RunFacts } from './run-facts.ts';
import { RunStatisticsCollector } from './run-statistics.ts';

/** A history that holds. */
export const GOOD: readonly JournalRecord[] = [aCall(1), aUserCall(2), aCall(3), aUserCall(4)];

/** The same with one call in service while the next arrives. */
export const OVERLAPPING: readonly JournalRecord[] = [aCall(1, { departedNs: 22_000_000 }), ...GOOD.slice(1)];

export interface Judged {
  readonly verdict: Verdict;
  readonly facts: RunFacts;
}

/** Judges a history under scope `global`, with some facts beside it. */
export function judged(calls: readonly JournalRecord[], facts: Partial<RunFacts> = {}): Judged {
  const reproduce = 'nonceproof verify --seed 42 --control no-lock';
  const context = {
    scope: 'global',
    accounts: null,
    faultKinds: [],
    seed: 42,
    strength: 'observed',
  } as const;
  const statistics = new RunStatisticsCollector({ clientSide: false });
  for (const call of calls) statistics.onCall(call);
  return {
    verdict: judge(calls, { ...context, reproduce }, { exit: null, clientCalls: null }),
    facts: {
      title: 'built-in client',
      accounts: 2,
      scope: 'global',
      seed: 42,
      judgeLine: null,
      statistics: statistics.finish(null),
      evidenceDir: null,
      ...facts,
    },
  };
}
