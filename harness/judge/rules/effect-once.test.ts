import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { effectOnce } from './effect-once.ts';
import { aCall, anOrder, outcomeOf } from './history.test-support.ts';

type Changes = Partial<JournalRecord>;

/** An order that asks for `digest`; by default all are alike. */
function order(seq: number, digest: string, changes: Changes = {}): JournalRecord {
  return anOrder(seq, { intents: [{ digest, likeness: 'sell XBTUSD', id: `O${seq}` }], ...changes });
}

/** The same, whose reply the client never got. */
function lost(seq: number, digest: string, changes: Changes = {}): JournalRecord {
  return order(seq, digest, { replyLost: true, outcome: 'faulted', fault: 'reset-after-apply', ...changes });
}

function query(seq: number, shows: readonly string[] | undefined, changes: Changes = {}): JournalRecord {
  return aCall(seq, { method: 'OpenOrders', ...(shows === undefined ? {} : { shows }), ...changes });
}

function statusOf(...calls: readonly JournalRecord[]): string {
  return outcomeOf(effectOnce, calls).status;
}

const OF_USER: Changes = { account: 'USER_1', key: 'key-1' };

describe('the same asked for again after a lost reply', () => {
  test('is one too many, whatever it is called', () => {
    const again = order(2, 'a', { clientRef: 'another' });
    expect(outcomeOf(effectOnce, [lost(1, 'a', { clientRef: 'one' }), again])).toEqual({
      status: 'violated',
      violations: 1,
      first: [2, 1],
      explanation:
        "MASTER's AddOrder took effect a second time for the same intent (the same but for nonce, deadline and names, " +
        'asked for again after the first reply was lost and before anything told of the first), now as O2 (#2, #1).',
    });
  });

  test('is so only the first time, unless the second reply was lost too', () => {
    expect(outcomeOf(effectOnce, [lost(1, 'a'), order(2, 'a'), order(3, 'a')]).violations).toBe(1);
    expect(outcomeOf(effectOnce, [lost(1, 'a'), lost(2, 'a'), order(3, 'a')])).toMatchObject({
      violations: 2,
      first: [2, 1],
    });
  });

  test('is so for a transfer, too', () => {
    const withdrawal = (seq: number, changes: Changes = {}): JournalRecord =>
      order(seq, 'w', { method: 'Withdraw', effect: { kind: 'transfer', ids: [`F${seq}`] }, ...changes });
    expect(statusOf(withdrawal(1, { replyLost: true }), withdrawal(2))).toBe('violated');
    expect(statusOf(withdrawal(1), withdrawal(2))).toBe('held');
  });

  test('is so although other things happened in between, of this account and of others', () => {
    const between = [
      aCall(2),
      query(3, []),
      query(4, ['O1'], OF_USER),
      query(5, ['O1'], { outcome: 'faulted', fault: 'truncate', replyLost: true }),
      query(6, ['O1'], { departedNs: null }),
      order(7, 'b', OF_USER),
    ];
    expect(statusOf(lost(1, 'a'), ...between, order(8, 'a'))).toBe('violated');
  });

  test('is so when the answer that shows the first was decided after the second arrived', () => {
    const late = query(2, ['O1'], { departedNs: 35_000_000 });
    expect(statusOf(lost(1, 'a'), late, order(3, 'a'))).toBe('violated');
    expect(statusOf(lost(1, 'a'), late, order(4, 'a'))).toBe('held');
  });

  test('is no violation when the first had no effect; that nothing was asked is said', () => {
    const without = { effect: null, intents: [{ digest: 'a', likeness: 'sell XBTUSD', id: null }] };
    const explained = (...calls: readonly JournalRecord[]): string =>
      outcomeOf(effectOnce, calls).explanation;
    expect(explained(lost(1, 'a', without), order(2, 'a'))).toBe(
      '1 effect, each of another intent; 1 repeat sent blindly, harmless because the first had no effect',
    );
    expect(explained(lost(1, 'a', without), query(2, []), order(3, 'a'))).toBe(
      '1 effect, each of another intent',
    );
  });

  test('is told apart by the tag where the second has one', () => {
    const byTag = lost(1, 'a', { tag: 't1' });
    expect(statusOf(byTag, order(2, 'a', { tag: 't2' }))).toBe('held');
    expect(statusOf(byTag, order(2, 'a'))).toBe('violated');
  });
});

describe('equal orders are as many intents', () => {
  test('when every reply came', () => {
    expect(outcomeOf(effectOnce, [order(1, 'a'), order(2, 'a'), order(3, 'a')])).toMatchObject({
      status: 'held',
      explanation: '3 effects, each of another intent',
    });
  });

  test('when an answer showed the first in between', () => {
    expect(outcomeOf(effectOnce, [lost(1, 'a'), query(2, ['O1']), order(3, 'a')])).toMatchObject({
      status: 'held',
      explanation:
        '2 effects, each of another intent; 1 effect lost the reply, none was asked for again before it was seen',
    });
  });

  test('when the first was cancelled in between', () => {
    const cancel = aCall(2, { method: 'CancelAll', effect: { kind: 'cancel', ids: ['O1'] }, intents: [] });
    expect(statusOf(lost(1, 'a'), cancel, order(3, 'a'))).toBe('held');
  });
});

describe('what may be a repeat is in doubt:', () => {
  test('the same pair and side with another price or size after a lost reply', () => {
    const { status, explanation } = outcomeOf(effectOnce, [lost(1, 'a'), order(2, 'b')]);
    expect(status).toBe('inconclusive');
    expect(explanation).toMatch(
      /the same but for its price, size .* may be a repeat that follows the market/,
    );
  });

  test('but not another pair or side, and not once an answer showed the first', () => {
    const buy = order(2, 'b', { intents: [{ digest: 'b', likeness: 'buy XBTUSD', id: 'O2' }] });
    expect(statusOf(lost(1, 'a'), buy)).toBe('held');
    expect(statusOf(lost(1, 'a'), query(2, ['O1']), order(3, 'b'))).toBe('held');
  });

  test('an amend that sets the same terms again, not one that sets others', () => {
    const amend = (seq: number, digest: string, changes: Changes = {}): JournalRecord =>
      order(seq, digest, { method: 'AmendOrder', effect: { kind: 'amend', ids: ['O9'] }, ...changes });
    expect(statusOf(amend(1, 'a', { replyLost: true }), amend(2, 'a'))).toBe('inconclusive');
    expect(statusOf(amend(1, 'a', { replyLost: true }), amend(2, 'b'))).toBe('held');
  });

  test('the same after a query of which the history does not say what its answer showed', () => {
    expect(statusOf(lost(1, 'a'), query(2, undefined), order(3, 'a'))).toBe('inconclusive');
    expect(statusOf(lost(1, 'a'), query(2, undefined, OF_USER), order(3, 'a'))).toBe('violated');
  });

  test('an effect that lost its reply and does not say what was asked for', () => {
    const silent = anOrder(1, { clientRef: 'c', outcome: 'faulted', fault: 'truncate' });
    const { status, explanation } = outcomeOf(effectOnce, [silent, anOrder(2, { clientRef: 'd' })]);
    expect(status).toBe('inconclusive');
    expect(explanation).toMatch(/^1 effect lost the reply, and the history does not say what was asked for/);
    const slow = { ...silent, fault: 'slow-drip' };
    expect(statusOf(slow, anOrder(2, { clientRef: 'd' }))).toBe('held');
  });
});

describe('a batch is read order by order:', () => {
  const batch = (seq: number, digests: readonly string[], changes: Changes = {}): JournalRecord => {
    const intents = digests.map((digest, n) => ({ digest, likeness: digest, id: `O${seq}-${n}` }));
    const effect = { kind: 'order', ids: intents.map(({ id }) => id) } as const;
    return aCall(seq, { method: 'AddOrderBatch', intents, effect, ...changes });
  };

  test('the same batch again is as many repeats as it has orders', () => {
    expect(
      outcomeOf(effectOnce, [batch(1, ['a', 'b'], { replyLost: true }), batch(2, ['b', 'a'])]),
    ).toMatchObject({ status: 'violated', violations: 2 });
  });

  test('one of its orders again, alone, is one', () => {
    expect(outcomeOf(effectOnce, [batch(1, ['a', 'b'], { replyLost: true }), order(2, 'b')]).violations).toBe(
      1,
    );
  });

  test('equal orders in one batch are no repeats of each other', () => {
    expect(statusOf(batch(1, ['a', 'a'], { replyLost: true }))).toBe('held');
  });

  test('an order that was refused counts for nothing', () => {
    const refused = { digest: 'b', likeness: 'b', id: null };
    const partly = batch(1, ['a'], { replyLost: true });
    const first = { ...partly, intents: [...(partly.intents ?? []), refused] };
    expect(statusOf(first, order(2, 'b'))).toBe('held');
  });

  test('a cl_ord_id inside stands for one intent', () => {
    const named = (seq: number): JournalRecord => {
      const call = batch(seq, ['a', `b${seq}`]);
      return {
        ...call,
        intents: (call.intents ?? []).map((one, n) => ({ ...one, clientRef: `c${n * seq}` })),
      };
    };
    expect(outcomeOf(effectOnce, [named(1), named(2)])).toMatchObject({
      status: 'violated',
      violations: 1,
      explanation:
        "MASTER's AddOrderBatch took effect a second time for the same intent (cl_ord_id c0), now as O2-0 (#2, #1).",
    });
  });
});
