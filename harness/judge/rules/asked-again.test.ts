import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { AskedAgain, losesReply, madeBy } from './asked-again.ts';
import type { Repeat } from './asked-again.ts';
import { aCall, anOrder } from './history.test-support.ts';

type Changes = Partial<JournalRecord>;

const OF_USER: Changes = { account: 'USER_1', key: 'key-1' };
const LOST: Changes = { replyLost: true };
const NO_EFFECT: Changes = { effect: null };

/** A call that asks for each of `digests`, all of one likeness; without effect, none has an id. */
function order(seq: number, digests: string, changes: Changes = {}): JournalRecord {
  const call = anOrder(seq, changes);
  const idOf = (n: number): string | null =>
    call.effect === null ? null : `O${seq}${n === 0 ? '' : `-${n}`}`;
  const intents = [...digests].map((digest, n) => ({ digest, likeness: 'sell', id: idOf(n) }));
  return { ...call, intents, ...(changes.intents === undefined ? {} : { intents: changes.intents }) };
}

function query(seq: number, shows: readonly string[] | undefined, changes: Changes = {}): JournalRecord {
  return aCall(seq, { method: 'OpenOrders', ...(shows === undefined ? {} : { shows }), ...changes });
}

/** What each thing that the last call made repeats. */
function lastRepeats(calls: readonly JournalRecord[], asked = new AskedAgain()): readonly (Repeat | null)[] {
  return calls.map((call) => asked.onCall(call, madeBy(call))).at(-1) ?? [];
}

function kindOf(...calls: readonly JournalRecord[]): string | null | undefined {
  return lastRepeats(calls)[0]?.kind ?? null;
}

describe('two accounts', () => {
  test('do not repeat each other, not even nearly', () => {
    expect(kindOf(order(1, 'a', LOST), order(2, 'a', OF_USER))).toBeNull();
    expect(kindOf(order(1, 'a', LOST), order(2, 'b', OF_USER))).toBeNull();
    expect(kindOf(order(1, 'a', { ...LOST, ...OF_USER }), order(2, 'a', OF_USER))).toBe('same');
  });

  test('do not learn from each other’s answers', () => {
    const first = order(1, 'a', LOST);
    expect(kindOf(first, query(2, ['O1'], OF_USER), order(3, 'a'))).toBe('same');
    expect(kindOf(first, query(2, undefined, OF_USER), order(3, 'a'))).toBe('same');
    expect(kindOf(first, query(2, undefined), order(3, 'a'))).toBe('asked');
  });

  test('without a name are one', () => {
    const nameless = { account: null, key: null };
    expect(kindOf(order(1, 'a', { ...LOST, ...nameless }), order(2, 'a', nameless))).toBe('same');
  });
});

describe('several effects in doubt of one kind', () => {
  test('are repeated one by one, the oldest first', () => {
    const calls = [order(1, 'a', { ...LOST, tag: 't1' }), order(2, 'a', { ...LOST, tag: 't2' })];
    expect(lastRepeats([...calls, order(3, 'a')])).toEqual([{ kind: 'same', of: 1 }]);
    expect(lastRepeats([...calls, order(3, 'a'), order(4, 'a')])).toEqual([{ kind: 'same', of: 2 }]);
    expect(lastRepeats([...calls, order(3, 'a'), order(4, 'a'), order(5, 'a')])).toEqual([null]);
  });

  test('of which the first was shown leave the second in doubt', () => {
    const calls = [order(1, 'aab', LOST), query(2, ['O1'])];
    expect(lastRepeats([...calls, order(3, 'aa')])).toEqual([
      { kind: 'same', of: 1 },
      { kind: 'similar', of: 1 },
    ]);
  });

  test('of one batch are repeated by as many', () => {
    expect(lastRepeats([order(1, 'aa', LOST), order(2, 'aaa')])).toEqual([
      { kind: 'same', of: 1 },
      { kind: 'same', of: 1 },
      null,
    ]);
  });
});

describe('an answer tells of the first', () => {
  const first = order(1, 'a', LOST);

  test('from the moment at which it was decided', () => {
    const answer = query(2, ['O1'], { departedNs: 30_000_000 });
    expect(kindOf(first, answer, order(3, 'a', { arrivedNs: 29_999_999 }))).toBe('same');
    expect(kindOf(first, answer, order(3, 'a', { arrivedNs: 30_000_000 }))).toBeNull();
    const later = query(2, ['O1'], { departedNs: 90_000_000 });
    expect(kindOf(first, answer, { ...later, seq: 3 }, order(4, 'a'))).toBeNull();
  });

  test('only if it was read: neither lost, nor refused, nor still to come', () => {
    for (const changes of [{ replyLost: true }, { outcome: 'rejected' }, { departedNs: null }] as const) {
      expect(kindOf(first, query(2, ['O1'], changes), order(3, 'a'))).toBe('same');
      expect(kindOf(first, query(2, undefined, changes), order(3, 'a'))).toBe('same');
    }
  });

  test('only if it shows that one', () => {
    expect(kindOf(first, query(2, ['O9']), order(3, 'a'))).toBe('same');
    expect(kindOf(first, query(2, []), order(3, 'a'))).toBe('same');
  });

  test('a query before the first says nothing of it; one of something else neither', () => {
    expect(kindOf(query(1, undefined), order(2, 'a', LOST), order(3, 'a'))).toBe('same');
    expect(kindOf(first, aCall(2), order(3, 'a'))).toBe('same');
    for (const method of ['ClosedOrders', 'QueryOrders', 'TradesHistory', 'Ledgers', 'WithdrawStatus'])
      expect(kindOf(first, query(2, undefined, { method }), order(3, 'a'))).toBe('asked');
  });

  test('an amend that hit the order tells of it', () => {
    const amend = aCall(2, { method: 'AmendOrder', effect: { kind: 'amend', ids: ['O1'] } });
    expect(kindOf(first, amend, order(3, 'a'))).toBeNull();
  });
});

describe('an amend', () => {
  const amend = (seq: number, digest: string, changes: Changes = {}): JournalRecord =>
    order(seq, digest, { method: 'AmendOrder', effect: { kind: 'amend', ids: ['O9'] }, ...changes });

  test('of the same terms is one again, whatever was asked in between', () => {
    expect(kindOf(amend(1, 'a', LOST), amend(2, 'a'))).toBe('same-amend');
    expect(kindOf(amend(1, 'a', LOST), query(2, undefined), amend(3, 'a'))).toBe('same-amend');
    expect(kindOf(amend(1, 'a', LOST), amend(2, 'b'))).toBeNull();
  });
});

describe('a repeat that was sent blindly', () => {
  const blind = (...calls: readonly JournalRecord[]): number => {
    const asked = new AskedAgain();
    lastRepeats(calls, asked);
    return asked.blind;
  };
  const without = order(1, 'a', { ...LOST, ...NO_EFFECT });

  test('is one of a call without effect, before the account asked', () => {
    expect(blind(without, order(2, 'a'))).toBe(1);
    expect(blind(without, query(2, []), order(3, 'a'))).toBe(0);
    expect(blind(without, query(2, [], OF_USER), order(3, 'a'))).toBe(1);
    expect(blind(query(1, []), { ...without, seq: 2 }, order(3, 'a'))).toBe(1);
  });

  test('is counted once, and not of another account or another order', () => {
    expect(blind(without, order(2, 'a'), order(3, 'a'))).toBe(1);
    expect(blind(without, order(2, 'a', OF_USER))).toBe(0);
    expect(blind(without, order(2, 'b'))).toBe(0);
  });

  test('is none of a call that had an effect', () => {
    const cancel = aCall(2, { method: 'CancelAll', effect: { kind: 'cancel', ids: ['O1'] }, intents: [] });
    expect(blind(order(1, 'a', LOST), cancel, order(3, 'a'))).toBe(0);
  });
});

describe('the memory', () => {
  test('forgets the oldest effect in doubt, and says so', () => {
    const asked = new AskedAgain(2);
    lastRepeats([order(1, 'a', LOST), order(2, 'b', LOST)], asked);
    expect([asked.complete, asked.lost]).toEqual([true, 2]);
    lastRepeats([order(3, 'c', LOST)], asked);
    expect([asked.complete, asked.lost]).toEqual([false, 3]);
    expect(lastRepeats([order(4, 'a')], asked)).toEqual([{ kind: 'similar', of: 2 }]);
    expect(lastRepeats([order(5, 'b')], asked)).toEqual([{ kind: 'same', of: 2 }]);
  });

  test('counts those only that are still in doubt', () => {
    const asked = new AskedAgain(1);
    lastRepeats([order(1, 'a', LOST), query(2, ['O1']), order(3, 'a'), order(4, 'b', LOST)], asked);
    expect(asked.complete).toBe(true);
    expect(lastRepeats([order(5, 'b')], asked)).toEqual([{ kind: 'same', of: 4 }]);
  });
});

test('a cancellation makes nothing that could be asked for again', () => {
  const intents = [{ digest: 'c', likeness: 'c', id: 'O1' }];
  const cancel = (seq: number): JournalRecord =>
    aCall(seq, { method: 'CancelOrder', effect: { kind: 'cancel', ids: ['O1'] }, intents, replyLost: true });
  expect(madeBy(cancel(1))).toEqual([]);
  expect(kindOf(cancel(1), cancel(2))).toBeNull();
  expect(madeBy(aCall(1, { intents: [{ digest: 'c', likeness: 'c', id: null }] }))).toEqual([]);
  expect(madeBy(anOrder(1))).toEqual([]);
});

test('a reply was lost where the record says so; of older records, where a fault struck after the effect', () => {
  const faulted = { outcome: 'faulted', fault: 'truncate' } as const;
  expect(losesReply(order(1, 'a', { replyLost: false, ...faulted }))).toBe(false);
  expect(losesReply(order(1, 'a', { replyLost: true }))).toBe(true);
  expect(losesReply(order(1, 'a', faulted))).toBe(false);
  expect(losesReply(anOrder(1, faulted))).toBe(true);
  expect(losesReply(anOrder(1, { ...faulted, fault: 'slow-drip' }))).toBe(false);
  expect(losesReply(anOrder(1, { fault: 'truncate' }))).toBe(false);
});
