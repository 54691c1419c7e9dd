import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { RULE_IDS } from '../history/index.ts';
import type { RuleId } from '../history/index.ts';
import { aCall, anOrder, aUserCall } from '../rules/history.test-support.ts';
import { judge } from './judge.ts';
import type { JudgeContext, JudgeEnd } from './judge.ts';
import type { RuleVerdict, Verdict } from './verdict.ts';

function verdictOf(
  calls: readonly JournalRecord[],
  {
    scope = 'global',
    strict = false,
    ...end
  }: Partial<JudgeEnd & Pick<JudgeContext, 'scope' | 'strict'>> = {},
): Verdict {
  const context = { scope, strict, accounts: null, faultKinds: [], seed: 42, strength: 'observed' } as const;
  const reproduce = 'nonceproof verify --seed 42';
  return judge(calls, { ...context, reproduce }, { exit: null, clientCalls: null, ...end });
}

function ruleOf(verdict: Verdict, id: RuleId): RuleVerdict | undefined {
  return verdict.rules.find((rule) => rule.id === id);
}

/** Two calls of different keys, the second while the first is in service. */
const CROSS_KEY_OVERLAP = [aCall(1, { departedNs: 25_000_000 }), aUserCall(2), aCall(3), aUserCall(4)];

describe('the verdict', () => {
  test('holds all ten rules in their order, and counts the calls', () => {
    const faulted = aUserCall(3, { outcome: 'faulted', fault: 'reset' });
    const verdict = verdictOf([aCall(1), aCall(2), faulted, aUserCall(4)], { publicCalls: 7 });
    expect(verdict.rules.map(({ id }) => id)).toEqual(RULE_IDS);
    expect(verdict).toMatchObject({
      verdict: 'held',
      strength: 'observed',
      scope: 'global',
      seed: 42,
      notes: [],
    });
    expect(verdict.counts).toEqual({
      accounts: 2,
      calls: 4,
      accepted: 3,
      rejected: 0,
      refused: 0,
      faulted: 1,
      publicCalls: 7,
    });
  });

  test('counts what was rejected apart from what a fault struck', () => {
    const rejected = aCall(2, { outcome: 'rejected', error: 'EAPI:Invalid nonce' });
    const faulted = [aCall(3), aCall(4)].map((call) => ({ ...call, outcome: 'faulted' as const }));
    const { counts } = verdictOf([aCall(1), rejected, ...faulted]);
    expect(counts).toMatchObject({ accounts: 1, calls: 4, accepted: 1, rejected: 1, faulted: 2 });
  });

  test('rests on every rule: each has seen the calls', () => {
    const calls = [1, 2, 3, 4].map((seq) => (seq === 3 ? anOrder(seq, { tag: 'a' }) : aCall(seq)));
    expect(verdictOf(calls).rules.map(({ status }) => status)).toEqual(RULE_IDS.map(() => 'held'));
  });

  test('is never held without a call', () => {
    expect(verdictOf([]).verdict).toBe('inconclusive');
    expect(verdictOf([], { scope: 'key' }).verdict).toBe('inconclusive');
  });

  test('is not held over a single call, which can be out of no order and overlap nothing', () => {
    expect(verdictOf([aCall(1)]).verdict).toBe('inconclusive');
  });

  test('is not held when the history is not whole, and says why', () => {
    const calls = [aCall(1), aCall(2)];
    expect(verdictOf(calls).verdict).toBe('held');
    const defects = ['1 line could not be read: line 3.'];
    expect(verdictOf(calls, { defects })).toMatchObject({ verdict: 'inconclusive', notes: defects });
  });

  test('is violated whatever else is in doubt', () => {
    const calls = [aCall(1), aCall(2, { nonce: '1' })];
    expect(verdictOf(calls, { defects: ['A line is missing.'] }).verdict).toBe('violated');
  });

  test('does not change the history it reads', () => {
    const calls = [aCall(1), aCall(2, { nonce: '1' })].map((call) => Object.freeze(call));
    expect(verdictOf(Object.freeze(calls))).toEqual(verdictOf(calls));
  });
});

describe('refusals of what calls ask for', () => {
  const refused = (seq: number, error: string): JournalRecord => aCall(seq, { outcome: 'rejected', error });
  const calls = [
    refused(1, 'EOrder:Order minimum not met'),
    refused(2, 'EOrder:Insufficient funds'),
    refused(3, 'EOrder:Insufficient funds'),
    aCall(4),
  ];

  test('are counted by their words and break nothing', () => {
    const verdict = verdictOf(calls);
    expect(verdict).toMatchObject({ verdict: 'held', strict: false });
    expect(verdict.counts).toMatchObject({ accepted: 1, rejected: 3, refused: 3 });
    expect(verdict.refusals).toEqual([
      { error: 'EOrder:Insufficient funds', calls: 2, first: 2 },
      { error: 'EOrder:Order minimum not met', calls: 1, first: 1 },
    ]);
  });

  test('break all-accepted when judged strictly', () => {
    const verdict = verdictOf(calls, { strict: true });
    expect(verdict).toMatchObject({ verdict: 'violated', strict: true, counts: { refused: 3 } });
    expect(ruleOf(verdict, 'all-accepted')).toMatchObject({ status: 'violated', violations: 3, first: [1] });
  });

  test('are no reason for which scope key would not have held, unless they are judged', () => {
    const mixed = [...CROSS_KEY_OVERLAP, refused(5, 'EOrder:Insufficient funds')];
    expect(verdictOf(mixed).notes.join()).toContain('Under scope key this run would have held');
    expect(verdictOf(mixed, { strict: true }).notes.join()).not.toContain('Under scope key');
  });

  test('are counted whole when there are more kinds than are told apart', () => {
    const many = Array.from({ length: 150 }, (_, i) => refused(i + 1, `EOrder:Reason ${i}`));
    const { counts, refusals } = verdictOf(many);
    expect({ refused: counts.refused, kinds: refusals.length }).toEqual({ refused: 150, kinds: 100 });
  });
});

describe('beside the rules the verdict says', () => {
  test('that nonces rose by luck when calls overlapped', () => {
    const overlap = ruleOf(verdictOf(CROSS_KEY_OVERLAP), 'no-overlap');
    expect(overlap?.explanation).toContain('The nonces rose all the same, by luck');
    const fallen = CROSS_KEY_OVERLAP.map((call) => (call.seq === 4 ? { ...call, nonce: '1' } : call));
    expect(ruleOf(verdictOf(fallen), 'no-overlap')?.explanation).not.toContain('luck');
    const lucky = verdictOf(CROSS_KEY_OVERLAP).rules.filter(({ explanation }) =>
      explanation.includes('luck'),
    );
    expect(lucky.map(({ id }) => id)).toEqual(['no-overlap']);
  });

  test('nothing of luck when nonces fell from one account to the next', () => {
    const below = aCall(1).nonce?.replace(/.$/, '0') ?? '';
    const calls = CROSS_KEY_OVERLAP.map((call) => (call.seq === 2 ? { ...call, nonce: below } : call));
    const verdict = verdictOf(calls);
    expect(ruleOf(verdict, 'nonce-increasing')?.status).toBe('held');
    expect(ruleOf(verdict, 'nonce-global-order')?.status).toBe('violated');
    expect(ruleOf(verdict, 'no-overlap')?.explanation).not.toContain('luck');
  });

  test('that scope key would have held, in one line', () => {
    const note = 'Under scope key this run would have held';
    expect(verdictOf(CROSS_KEY_OVERLAP).notes.filter((text) => text.startsWith(note))).toHaveLength(1);
    expect(verdictOf(CROSS_KEY_OVERLAP, { scope: 'key' }).verdict).toBe('held');
    const alsoOnKey = [...CROSS_KEY_OVERLAP, aUserCall(5, { arrivedNs: 44_000_000 })];
    expect(verdictOf(alsoOnKey).notes.join()).not.toContain(note);
  });

  test('so also when the exchange rejected the overlapping call for nothing else', () => {
    const rejected = {
      outcome: 'rejected',
      error: 'EService:Throttled: 1',
      violations: ['no-overlap'],
    } as const;
    const calls = CROSS_KEY_OVERLAP.map((call) => (call.seq === 2 ? { ...call, ...rejected } : call));
    const verdict = verdictOf(calls);
    expect(ruleOf(verdict, 'all-accepted')?.status).toBe('violated');
    expect(verdict.notes.join()).toContain('Under scope key this run would have held');
    const otherwise = calls.map((call) =>
      call.seq === 3 ? { ...call, outcome: 'rejected' as const } : call,
    );
    expect(verdictOf(otherwise).notes.join()).not.toContain('Under scope key');
  });

  test('not so when the exchange had another reason, or another rule is broken', () => {
    const withReasons = (...violations: JournalRecord['violations']): string =>
      verdictOf(
        CROSS_KEY_OVERLAP.map((call) =>
          call.seq === 2 ? { ...call, outcome: 'rejected' as const, violations } : call,
        ),
      ).notes.join();
    expect(withReasons('no-overlap')).toContain('Under scope key');
    expect(withReasons('nonce-increasing')).not.toContain('Under scope key');
    expect(withReasons('no-overlap', 'nonce-increasing')).not.toContain('Under scope key');
    const nonceTwice = CROSS_KEY_OVERLAP.map((call) =>
      call.seq === 3 ? { ...call, nonce: aCall(1).nonce } : call,
    );
    expect(verdictOf(nonceTwice).notes.join()).not.toContain('Under scope key');
  });

  test('so also when a fault made the exchange reject a call', () => {
    const rejected = { outcome: 'rejected', fault: 'error-reply', error: 'EService:Busy' } as const;
    const calls = CROSS_KEY_OVERLAP.map((call) => (call.seq === 3 ? { ...call, ...rejected } : call));
    expect(verdictOf(calls).notes.join()).toContain('Under scope key');
  });

  test('nothing of scope key in scope key', () => {
    const rejected = { outcome: 'rejected', violations: ['no-overlap'] } as const;
    const calls = CROSS_KEY_OVERLAP.map((call) => (call.seq === 2 ? { ...call, ...rejected } : call));
    const verdict = verdictOf(calls, { scope: 'key' });
    expect(verdict.verdict).toBe('violated');
    expect(verdict.notes.join()).not.toContain('Under scope key');
  });

  test.each([
    ['nonce-increasing', '1'],
    ['nonce-exact', '1.8e18'],
  ] as const)('when the exchange accepted a call that breaks %s', (rule, nonce) => {
    const { notes } = verdictOf([aCall(1), aCall(2, { nonce })]);
    expect(notes.join()).toContain(`accepted what breaks a rule here, 1 time (first #2, ${rule})`);
    const named = aCall(2, { nonce, violations: [rule], outcome: 'rejected' });
    expect(verdictOf([aCall(1), named]).notes).toEqual([]);
  });

  test('when the exchange accepted a nonce twice', () => {
    const { nonce } = aCall(1);
    expect(verdictOf([aCall(1), aCall(2, { nonce })]).notes.join()).toContain('2 times (first #2, nonce-');
    const violations = ['nonce-increasing', 'nonce-reused'] as const;
    expect(verdictOf([aCall(1), aCall(2, { nonce, violations })]).notes).toEqual([]);
  });

  test('where the exchange and the rules disagree about a call', () => {
    const blamed = [aCall(1), aCall(2, { violations: ['nonce-reused'] })];
    expect(verdictOf(blamed)).toMatchObject({ verdict: 'inconclusive' });
    expect(verdictOf(blamed).notes.join()).toContain(
      'names a broken rule 1 time where its own times and nonces show none (first #2, nonce-reused)',
    );
    expect(verdictOf(CROSS_KEY_OVERLAP).notes.join()).toContain(
      'accepted what breaks a rule here, 1 time (first #2, no-overlap)',
    );
  });

  test('nothing of an overlap that only a lane for all accounts forbids', () => {
    const named = CROSS_KEY_OVERLAP.map((call) =>
      call.seq === 2 ? { ...call, violations: ['no-overlap' as const] } : call,
    );
    expect(verdictOf(named, { scope: 'key' }).notes).toEqual([]);
  });
});
