import type { JournalRecord } from '../../mock-kraken/index.ts';
import { provenanceOf, RunStatisticsCollector } from '../provenance/index.ts';
import type { Provenance } from '../provenance/index.ts';
import { aCall, aUserCall } from '../judge/rules/history.test-support.ts';
import { judge } from '../judge/verdict/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import type { RunFacts } from './content/index.ts';

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

/** Where the verdict of a made-up run comes from, with `text` in every field that holds one. */
export function aProvenance({ statistics }: RunFacts, text: string): Provenance {
  const header = {
    version: 1,
    nonceproof: text,
    command: text,
    target: text,
    startedAt: text,
    accounts: 2,
    scope: 'global',
    seed: 42,
    scenario: { [text]: text, faults: { name: text } },
    node: text,
    platform: text,
    source: { commit: text, dirty: true },
  } as const;
  const trace = { records: statistics.calls, sha256: text };
  return provenanceOf({ nonceproof: text, header, trace, durationMs: 1_234.5, figures: statistics });
}
