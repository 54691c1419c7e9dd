import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall, anOrder, aUserCall, outcomeOf } from './history.test-support.ts';
import { RULES } from './registry.ts';
import type { RuleId } from '../history/index.ts';

const KIND = 'duplicate-second-reply';

/** The order #1 is delivered again as #3, amid the client's next calls; #1 ends long after the client read #3. */
function historyOf(second: Partial<JournalRecord>, repliedNs: number | undefined): readonly JournalRecord[] {
  const first = anOrder(1, { tag: 't1', outcome: 'faulted', fault: KIND, departedNs: 90_000_000 });
  const { nonce, clientRef, tag } = first;
  const again = { nonce, clientRef, tag, method: 'AddOrder', outcome: 'faulted', fault: KIND } as const;
  return [
    repliedNs === undefined ? first : { ...first, repliedNs },
    aUserCall(2),
    aCall(3, { ...again, error: 'EAPI:Invalid nonce', departedNs: 45_000_000, ...second }),
    aCall(4),
  ];
}

function statusOf(id: RuleId, calls: readonly JournalRecord[]): string {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new TypeError(id);
  return outcomeOf(rule, calls).status;
}

const CONCERNED = ['nonce-increasing', 'nonce-global-order', 'nonce-reused'] as const;

describe('a delivery that a middlebox repeated', () => {
  test.each(CONCERNED)('does not break %s, as a call of the client would', (id) => {
    expect(statusOf(id, historyOf({ duplicateOf: 1 }, 15_000_000))).toBe('held');
    expect(statusOf(id, historyOf({}, 15_000_000))).toBe('violated');
  });

  test('is not the client\u2019s overlap, nor is what goes on after the client read the reply to it', () => {
    expect(statusOf('no-overlap', historyOf({ duplicateOf: 1 }, 15_000_000))).toBe('held');
    expect(statusOf('no-overlap', historyOf({ duplicateOf: 1 }, undefined))).toBe('violated');
    expect(statusOf('no-overlap', historyOf({}, 15_000_000))).toBe('violated');
    const overlapped = historyOf({ duplicateOf: 1 }, 25_000_000);
    expect(statusOf('no-overlap', overlapped)).toBe('violated');
  });

  test('may carry an unreadable nonce, if the client did', () => {
    const calls = [aCall(1), aCall(2, { nonce: '1e3', duplicateOf: 1, fault: KIND })];
    expect(statusOf('nonce-exact', calls)).toBe('held');
  });

  test('may take effect within a nonce window; what the client sends again may not', () => {
    const twice = { effect: { kind: 'order', ids: ['O9'] } } as const;
    expect(statusOf('effect-once', historyOf({ ...twice, duplicateOf: 1 }, 15_000_000))).toBe('held');
    expect(statusOf('effect-once', historyOf(twice, 15_000_000))).toBe('violated');
    const resent = anOrder(5, { tag: 't1' });
    expect(statusOf('effect-once', [...historyOf({ duplicateOf: 1 }, 15_000_000), resent])).toBe('violated');
  });

  test('shows that its fault struck, and is no call that shares the lane', () => {
    const exercised = RULES.find(({ id }) => id === 'exercised');
    if (exercised === undefined) throw new TypeError('exercised');
    const again = aCall(2, { fault: 'duplicate-first-reply', duplicateOf: 1 });
    const run = { faultKinds: ['duplicate-first-reply'] };
    expect(outcomeOf(exercised, [aCall(1), again], run).explanation).toContain('No lane saw two calls');
    expect(outcomeOf(exercised, [aCall(1), again, aCall(3)], run).status).toBe('held');
    expect(outcomeOf(exercised, [aCall(1), aCall(3)], run).status).toBe('inconclusive');
  });
});
