import { describe, expect, test } from 'vitest';
import type { AdmissionRule, JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall, aUserCall } from '../rules/history.test-support.ts';
import type { RuleId } from '../history/index.ts';
import { createJudge, judge } from './judge.ts';
import type { JudgeContext, JudgeEnd } from './judge.ts';
import type { RuleVerdict, Verdict } from './verdict.ts';

const CONTEXT: JudgeContext = {
  scope: 'global',
  accounts: null,
  faultKinds: [],
  seed: 7,
  strength: 'sampled',
  reproduce: 'again',
};
const END: JudgeEnd = { exit: null, clientCalls: null };

function verdictOf(
  calls: readonly JournalRecord[],
  context: Partial<JudgeContext> = {},
  end: Partial<JudgeEnd> = {},
): Verdict {
  return judge(calls, { ...CONTEXT, ...context }, { ...END, ...end });
}

function ruleOf({ rules }: Verdict, id: RuleId): RuleVerdict | undefined {
  return rules.find((rule) => rule.id === id);
}

const OVERLAP = [aCall(1, { departedNs: 25_000_000 }), aUserCall(2), aCall(3), aUserCall(4)];
const ELSEWHERE = 'Under scope key this run would have held';

describe('what the verdict says of itself', () => {
  test('is what it was told, with defaults', () => {
    const verdict = verdictOf([aCall(1), aCall(2)]);
    expect(verdict).toMatchObject({ seed: 7, strength: 'sampled', reproduce: 'again', scope: 'global' });
    expect(verdict).toMatchObject({ sealed: null, strict: false, warnings: [], refusals: [], notes: [] });
    expect(verdict.counts.publicCalls).toBe(0);
    expect(verdictOf([], { strict: true }, { sealed: true, publicCalls: 3 })).toMatchObject({
      sealed: true,
      strict: true,
      counts: { publicCalls: 3, calls: 0, accounts: 0 },
    });
    expect(verdictOf([], {}, { sealed: false }).sealed).toBe(false);
  });

  test('has the warnings of its rules in one list, and none at the rule', () => {
    const calls = [aCall(1, { nonce: '1795353736170' }), aCall(2)];
    const verdict = verdictOf(calls);
    expect(verdict.warnings.map(({ id }) => id)).toEqual(['nonce-units']);
    expect(Object.keys(ruleOf(verdict, 'nonce-exact') ?? {})).toEqual([
      'id',
      'status',
      'violations',
      'first',
      'explanation',
    ]);
    expect(verdict.verdict).toBe('held');
    expect(verdictOf(calls, { strict: true }).verdict).toBe('violated');
  });

  test('counts accounts, not calls without one', () => {
    const nameless = aCall(3, { account: null, key: null });
    expect(verdictOf([aCall(1), aUserCall(2), nameless, aCall(4)]).counts).toMatchObject({
      accounts: 2,
      calls: 4,
    });
    expect(verdictOf([nameless]).counts.accounts).toBe(0);
  });

  test('lists what is wrong with the history before what the exchange let pass, and scope key last', () => {
    const calls = [...OVERLAP, aCall(5, { violations: ['nonce-reused'] })];
    const { notes } = verdictOf(calls, {}, { defects: ['A line is missing.'] });
    expect(notes.map((note) => note.split(' ').slice(0, 3).join(' '))).toEqual([
      'A line is',
      'The history names',
      'The exchange accepted',
      'Under scope key',
    ]);
  });
});

describe('a partial history', () => {
  const early = aCall(1, { nonce: '8', arrivedNs: 0, departedNs: 5, committedNs: 4 });
  const late = aCall(2, { nonce: '9', arrivedNs: 1, departedNs: 5, committedNs: 2 });

  test('leaves the order of its latest nonces open, a whole one does not', () => {
    const statusOf = (isPartial?: boolean): string | undefined =>
      ruleOf(verdictOf([early, late], {}, isPartial === undefined ? {} : { isPartial }), 'nonce-increasing')
        ?.status;
    expect(statusOf(true)).toBe('not-applicable');
    expect(statusOf(false)).toBe('violated');
    expect(statusOf()).toBe('violated');
  });
});

describe('a rule that the exchange names without a cause', () => {
  const named = (...violations: AdmissionRule[]): readonly JournalRecord[] => [
    aCall(1),
    aCall(2, { outcome: 'faulted', fault: 'busy', violations }),
    aCall(3),
  ];

  test.each<AdmissionRule>(['nonce-increasing', 'nonce-reused', 'nonce-exact', 'no-overlap'])(
    'makes a history inconclusive: %s',
    (rule) => {
      const verdict = verdictOf(named(rule), { faultKinds: ['busy'] });
      expect(verdict.verdict).toBe('inconclusive');
      expect(verdict.notes.join()).toContain(
        `1 time where its own times and nonces show none (first #2, ${rule})`,
      );
      expect(verdictOf(named(), { faultKinds: ['busy'] }).verdict).toBe('held');
    },
  );

  test('is counted for each rule', () => {
    const { notes } = verdictOf(named('nonce-increasing', 'nonce-reused', 'nonce-exact', 'no-overlap'));
    expect(notes.join()).toContain('names a broken rule 4 times');
  });

  test('is excused in scope key for an overlap, unless the exchange had a lane for each key', () => {
    const notesIn = (recordedScope?: 'global' | 'key' | null): readonly string[] =>
      verdictOf(named('no-overlap'), {
        scope: 'key',
        faultKinds: ['busy'],
        ...(recordedScope === undefined ? {} : { recordedScope }),
      }).notes;
    expect(notesIn()).toEqual([]);
    expect(notesIn(null)).toEqual([]);
    expect(notesIn('global')).toEqual([]);
    expect(notesIn('key').join()).toContain('names a broken rule 1 time');
  });

  test('is told with its line, when the history is read from a file', () => {
    const judging = createJudge(CONTEXT);
    named('nonce-reused').forEach((call, index) => judging.onCall(call, index + 11));
    expect(judging.finish(END).notes.join()).toContain('(first line 12, #2, nonce-reused)');
  });
});

describe('a rule that the exchange let pass', () => {
  test.each<[AdmissionRule, Partial<JournalRecord>]>([
    ['nonce-increasing', { nonce: '1' }],
    ['nonce-exact', { nonce: 'x' }],
    ['no-overlap', { arrivedNs: 11_000_000, departedNs: 12_000_000 }],
  ])('is noted once for %s, and not where it is named', (rule, changes) => {
    const calls = [aCall(1), aCall(2, changes), aCall(3)];
    expect(verdictOf(calls).notes.join()).toContain(`1 time (first #2, ${rule})`);
    const named = [aCall(1), aCall(2, { ...changes, violations: [rule] }), aCall(3)];
    expect(verdictOf(named).notes).toEqual([]);
  });
});

describe('that scope key would have held', () => {
  test('is said of nonces that fall from key to key only', () => {
    const calls = [aCall(1, { nonce: '9' }), aUserCall(2, { nonce: '5' }), aCall(3), aUserCall(4)];
    expect(verdictOf(calls)).toMatchObject({ verdict: 'violated' });
    expect(verdictOf(calls).notes.join()).toContain(ELSEWHERE);
    expect(verdictOf(calls, { scope: 'key' }).verdict).toBe('held');
  });

  test('is not said while something is in doubt, nor of what held', () => {
    const accounts = ['MASTER', 'USER_1', 'USER_2'];
    expect(verdictOf(OVERLAP, { accounts: accounts.slice(0, 2) }).notes.join()).toContain(ELSEWHERE);
    expect(verdictOf(OVERLAP, { accounts }).notes.join()).not.toContain(ELSEWHERE);
    expect(verdictOf([aCall(1), aCall(2)]).notes).toEqual([]);
  });

  test('is said of a run that is judged strictly, or by default, unless a refusal is judged', () => {
    const refused = aCall(5, { outcome: 'rejected', error: 'EOrder:Insufficient funds' });
    expect(verdictOf(OVERLAP, { strict: true }).notes.join()).toContain(ELSEWHERE);
    expect(verdictOf([...OVERLAP, refused]).notes.join()).toContain(ELSEWHERE);
    expect(verdictOf([...OVERLAP, refused], { strict: true }).notes.join()).not.toContain(ELSEWHERE);
  });

  test('is not said where the exchange rejected an overlap on one key', () => {
    const rejected = {
      outcome: 'rejected',
      error: 'EService:Throttled: 1',
      violations: ['no-overlap'],
    } as const;
    const other = OVERLAP.map((call) => (call.seq === 2 ? { ...call, ...rejected } : call));
    expect(verdictOf(other).notes.join()).toContain(ELSEWHERE);
    const onKey = [...OVERLAP, aUserCall(5, { ...rejected, arrivedNs: 41_000_000 })];
    expect(verdictOf(onKey).notes.join()).not.toContain(ELSEWHERE);
  });
});

describe('refusals', () => {
  const refused = (seq: number, error: string): JournalRecord =>
    aCall(seq, { outcome: 'rejected', error: `EOrder:${error}` });

  test('are listed by how often they came, those alike by which came first', () => {
    const calls = ['a', 'b', 'c', 'b', 'c', 'c', 'd'].map((error, n) => refused(n + 1, error));
    const { refusals } = verdictOf(calls);
    expect(refusals.map(({ error, calls: times, first }) => `${error.slice(7)} ${times} ${first}`)).toEqual([
      'c 3 3',
      'b 2 2',
      'a 1 1',
      'd 1 7',
    ]);
  });

  test('of the first hundred kinds go on being counted when there are more', () => {
    const kinds = Array.from({ length: 101 }, (_, n) => refused(n + 1, `kind ${n}`));
    const calls = [...kinds, refused(102, 'kind 99'), refused(103, 'kind 100')];
    const { counts, refusals } = verdictOf(calls);
    expect(counts.refused).toBe(103);
    expect(refusals).toHaveLength(100);
    expect(refusals[0]).toMatchObject({ error: 'EOrder:kind 99', calls: 2, first: 100 });
    expect(refusals.some(({ error }) => error === 'EOrder:kind 100')).toBe(false);
  });

  test('are no rejections for the way a call was made, and those are no refusals', () => {
    const key = aCall(2, { outcome: 'rejected', error: 'EAPI:Invalid key' });
    const unnamed = aCall(3, { outcome: 'rejected', error: null });
    const faulted = aCall(4, { outcome: 'rejected', error: 'EOrder:Insufficient funds', fault: 'busy' });
    const { counts, refusals } = verdictOf([aCall(1), key, unnamed, faulted]);
    expect(counts).toMatchObject({ calls: 4, accepted: 1, rejected: 3, refused: 0, faulted: 0 });
    expect(refusals).toEqual([]);
  });
});
