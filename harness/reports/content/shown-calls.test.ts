import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from '../../judge/rules/history.test-support.ts';
import { judge } from '../../judge/verdict/index.ts';
import type { Verdict } from '../../judge/verdict/index.ts';
import { SHOWN_CALLS_MAX, shownCalls } from './shown-calls.ts';

const CALLS: readonly JournalRecord[] = Array.from({ length: SHOWN_CALLS_MAX + 50_000 }, (_, i) =>
  aCall(i + 1),
);

function violatedAt(...first: readonly number[]): Verdict {
  const context = { scope: 'global', accounts: null, faultKinds: [] } as const;
  const verdict = judge(
    [],
    { ...context, seed: 1, strength: 'observed', reproduce: '' },
    { exit: null, clientCalls: null },
  );
  const rules = verdict.rules.map((rule) => (rule.id === 'no-overlap' ? { ...rule, first } : rule));
  return { ...verdict, rules };
}

describe('the calls that a report shows', () => {
  it('are all of them as long as a browser can open them', () => {
    const few = CALLS.slice(0, SHOWN_CALLS_MAX);
    expect(shownCalls(few, violatedAt(7, 6))).toEqual(few);
  });

  it.each([
    ['none', [], 1],
    ['early', [3, 2], 1],
    ['in the middle', [120_000, 119_999], 119_999 - SHOWN_CALLS_MAX / 2],
    ['late', [249_990, 249_989], 50_001],
  ] as const)('hold the first violation: %s', (_where, first, firstSeq) => {
    const shown = shownCalls(CALLS, violatedAt(...first));
    expect(shown).toHaveLength(SHOWN_CALLS_MAX);
    expect(shown[0]?.seq).toBe(firstSeq);
    for (const seq of first) expect(shown.some((call) => call.seq === seq)).toBe(true);
  });
});
