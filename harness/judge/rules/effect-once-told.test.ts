import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { CallReader } from './call-facts.ts';
import { effectOnce, observeEffects } from './effect-once.ts';
import { aCall, aClientCall, anOrder, brokenAtOnce, outcomeOf } from './history.test-support.ts';
import type { RuleOutcome } from './rule.ts';

function told(tag: string, changes: Partial<ClientCall> = {}): ClientCall {
  return aClientCall(tag, { method: 'AddOrder', ...changes });
}

function judge(calls: readonly JournalRecord[], ...clientCalls: readonly ClientCall[]): RuleOutcome {
  return outcomeOf(effectOnce, calls, { clientCalls });
}

describe('what the client was told', () => {
  const placed = anOrder(1, { tag: 'a', effect: { kind: 'order', ids: ['O1', 'O2'] } });

  test('must be what took effect, each id of it', () => {
    expect(judge([placed], told('a', { txids: ['O2', 'O1'] }))).toMatchObject({
      status: 'held',
      explanation: '1 effect, each of another intent; 1 reported success took effect',
    });
    expect(judge([placed], told('a', { txids: ['O1', 'O3'] }))).toMatchObject({
      status: 'violated',
      first: [1],
    });
    expect(judge([placed], told('a'), told('b'), told('c', { txids: ['O1'] }))).toMatchObject({
      status: 'violated',
      violations: 2,
    });
  });

  test('of a read is no effect, nor is a failure or a call that never settled', () => {
    const others = [
      told('b', { method: 'Balance' }),
      told('c', { outcome: 'failed' }),
      told('d', { outcome: 'unsettled', txids: ['O9'] }),
    ];
    expect(judge([placed], told('a'), ...others)).toMatchObject({
      status: 'held',
      explanation: '1 effect, each of another intent; 1 reported success took effect',
    });
    expect(judge([aCall(1, { tag: 'b' })], ...others)).toMatchObject({
      status: 'not-applicable',
      explanation: 'No call took effect, and no client was told that one did.',
    });
  });

  test.each([
    'AddOrder',
    'AddOrderBatch',
    'AmendOrder',
    'CancelOrder',
    'EditOrder',
    'Withdraw',
    'WalletTransfer',
    'AccountTransfer',
    'Earn/Allocate',
    'Earn/Deallocate',
  ])('that a %s succeeded must have had an effect, whether or not it names an id', (method) => {
    const nothing = aCall(1, { method, tag: 'a' });
    expect(judge([nothing], told('a', { method })).status).toBe('violated');
    expect(judge([nothing], told('a', { method, toldCount: 0 })).status).toBe('not-applicable');
    expect(judge([nothing], told('a', { method: 'CancelAll' })).status).toBe('not-applicable');
  });

  test('cannot be matched when no call carries a tag', () => {
    expect(judge([anOrder(1, { clientRef: 'x' })], told('a'), told('b'))).toMatchObject({
      status: 'inconclusive',
      explanation:
        'The client was told of 2 effects, but no call carries the tag it was asked with: the client does not pass unknown parameters on.',
    });
    expect(judge([aCall(1)], told('a')).status).toBe('inconclusive');
  });

  test('is compared with the first effect of its tag', () => {
    const calls = [placed, anOrder(2, { tag: 'b' })];
    expect(judge(calls, told('b', { txids: ['O1'] }))).toMatchObject({ status: 'violated', first: [2] });
    expect(judge(calls, told('a', { txids: ['O1'] }), told('b', { txids: ['O2'] })).status).toBe('held');
  });

  test('that nothing was executed is a lie only of the call that was', () => {
    const denied = (tag: string): ClientCall => told(tag, { outcome: 'failed', toldOutcome: 'not-executed' });
    expect(judge([placed], denied('a'))).toMatchObject({ status: 'violated', violations: 1, first: [1] });
    expect(judge([placed, aCall(2, { tag: 'b' })], denied('b')).status).toBe('held');
    expect(judge([placed], denied('a'), denied('a'))).toMatchObject({ violations: 2 });
  });

  test('is not asked of a recording, which may carry tags all the same', () => {
    const calls = [placed, anOrder(2, { tag: 'b' })];
    expect(outcomeOf(effectOnce, calls)).toMatchObject({
      status: 'held',
      explanation: '2 effects, each of another intent',
    });
  });
});

describe('names', () => {
  test('each repetition counts, and the calls that repeat are known at once', () => {
    const calls = [
      anOrder(1, { tag: 'a' }),
      anOrder(2, { tag: 'b', clientRef: 'x' }),
      anOrder(3, { tag: 'a' }),
      anOrder(4, { clientRef: 'x' }),
      aCall(5, { tag: 'a' }),
      anOrder(6, { tag: 'c' }),
    ];
    expect(brokenAtOnce(effectOnce, calls)).toEqual([3, 4]);
    expect(outcomeOf(effectOnce, calls)).toMatchObject({ violations: 2, first: [3, 1] });
  });

  test('a call that repeats both its tag and its cl_ord_id is one violation', () => {
    const twice = [1, 2].map((seq) => anOrder(seq, { tag: 'a', clientRef: 'x' }));
    expect(brokenAtOnce(effectOnce, twice)).toEqual([2]);
    expect(outcomeOf(effectOnce, twice).violations).toBe(1);
  });

  test('a third effect is told with the first', () => {
    const thrice = [1, 2, 3].map((seq) => anOrder(seq, { clientRef: 'x' }));
    expect(outcomeOf(effectOnce, thrice.slice(1))).toMatchObject({ violations: 1, first: [3, 2] });
    expect(outcomeOf(effectOnce, thrice)).toMatchObject({ violations: 2, first: [2, 1] });
  });

  test('what came of the second is named', () => {
    const twice = [1, 2].map((seq) => anOrder(seq, { clientRef: 'x' }));
    expect(outcomeOf(effectOnce, twice).explanation).toBe(
      "MASTER's AddOrder took effect a second time for the same intent (cl_ord_id x), now as O2 (#2, #1).",
    );
  });

  test('the orders of one batch may share the name of their call', () => {
    const intents = ['a', 'b'].map((digest, n) => ({ digest, likeness: digest, id: `O${n}` }));
    const batch = (seq: number): JournalRecord =>
      anOrder(seq, { clientRef: 'x', intents, effect: { kind: 'order', ids: ['O0', 'O1'] } });
    expect(outcomeOf(effectOnce, [batch(1)]).status).toBe('held');
    expect(outcomeOf(effectOnce, [batch(1), batch(2)])).toMatchObject({ status: 'violated', violations: 2 });
  });

  test('effects without one are not looked at beside those that have', () => {
    const batch = anOrder(3, { effect: { kind: 'order', ids: ['O3', 'O4'] } });
    expect(outcomeOf(effectOnce, [anOrder(1, { clientRef: 'x' }), anOrder(2), batch]).explanation).toBe(
      '1 effect, each of another intent; 2 more without a name not looked at',
    );
    expect(outcomeOf(effectOnce, [anOrder(2)]).explanation).toBe(
      '1 effect, none with a tag or a cl_ord_id: whether an intent took effect twice cannot be seen.',
    );
  });

  test('accounts without a name share theirs', () => {
    const nameless = { account: null, key: null, clientRef: 'x' };
    expect(outcomeOf(effectOnce, [anOrder(1, nameless), anOrder(2, nameless)]).status).toBe('violated');
  });
});

describe('a lost reply of which the record does not say what was asked for', () => {
  const silent = (changes: Partial<JournalRecord>): string =>
    outcomeOf(effectOnce, [
      anOrder(1, { clientRef: 'c', outcome: 'faulted', fault: 'truncate', ...changes }),
      anOrder(2, { clientRef: 'd' }),
    ]).status;

  test('is in doubt, unless it carries a tag, says what it asked for, cancels, or was read', () => {
    expect(silent({})).toBe('inconclusive');
    expect(silent({ tag: 't' })).toBe('held');
    expect(silent({ intents: [{ digest: 'a', likeness: 'a', id: 'O1' }], replyLost: true })).toBe('held');
    expect(silent({ effect: { kind: 'cancel', ids: ['O9'] } })).toBe('held');
    expect(silent({ replyLost: false })).toBe('held');
  });
});

describe('doubts', () => {
  const intents = (digest: string, id: string): Partial<JournalRecord> => ({
    intents: [{ digest, likeness: 'l', id }],
  });

  test('are told by their kind, the first of them', () => {
    const lost = anOrder(1, { ...intents('a', 'O1'), replyLost: true });
    const query = aCall(2, { method: 'OpenOrders' });
    const asked = outcomeOf(effectOnce, [lost, query, anOrder(3, intents('a', 'O3'))]);
    expect(asked.explanation).toBe(
      "MASTER's AddOrder (#3) took effect after the reply to #1 was lost, and asks for the same; a query was answered in between, but the history does not say what the answer contained: whether it is a repeat cannot be seen. Ask what became of the first before anything like it is sent.",
    );
    const amend = (seq: number): JournalRecord =>
      anOrder(seq, { ...intents('m', 'O9'), effect: { kind: 'amend', ids: ['O9'] }, replyLost: true });
    const similar = [lost, anOrder(4, intents('b', 'O4'))];
    expect(outcomeOf(effectOnce, [amend(7), amend(8), ...similar]).explanation).toContain(
      '(#8) took effect after the reply to #7 was lost, and sets the same terms again',
    );
    expect(outcomeOf(effectOnce, [...similar, amend(7), amend(8)]).explanation).toContain('(#4)');
  });

  test('give way to a violation', () => {
    const lost = anOrder(1, { ...intents('a', 'O1'), replyLost: true });
    const calls = [lost, anOrder(2, intents('b', 'O2')), anOrder(3, intents('a', 'O3'))];
    expect(outcomeOf(effectOnce, calls)).toMatchObject({ status: 'violated', violations: 1, first: [3, 1] });
    expect(brokenAtOnce(effectOnce, calls)).toEqual([3]);
  });
});

describe('a history too long to remember', () => {
  const outcomeWith = (calls: readonly JournalRecord[]): RuleOutcome => {
    const observer = observeEffects({ clientSide: false, intentCountMax: 2 });
    const reader = new CallReader();
    for (const call of calls) observer.onCall(call, reader.read(call));
    return observer.finish({ exit: null, clientCalls: null });
  };
  test('still convicts a client that was told of another id, though the call is forgotten', () => {
    const observer = observeEffects({ clientSide: true, intentCountMax: 1 });
    const reader = new CallReader();
    for (const seq of [1, 2]) {
      const call = anOrder(seq, { tag: `t${seq}` });
      observer.onCall(call, reader.read(call));
    }
    const clientCalls = [told('t1', { txids: ['O9'] })];
    expect(observer.finish({ exit: null, clientCalls })).toMatchObject({ status: 'violated', first: [] });
  });

  const tagged = [1, 2, 3].map((seq) => anOrder(seq, { tag: `t${seq}` }));
  const named = [1, 2, 3].map((seq) => anOrder(seq, { clientRef: `c${seq}` }));

  test.each([
    ['tags', tagged],
    ['names', named],
  ])('of %s is inconclusive, but what was seen twice stays a violation', (_what, calls) => {
    expect(outcomeWith(calls.slice(1)).status).toBe('held');
    expect(outcomeWith(calls)).toMatchObject({
      status: 'inconclusive',
      explanation: 'There were 3 effects: the oldest intents were forgotten.',
    });
    const again = calls.slice(2).map((call) => ({ ...call, seq: 4 }));
    expect(outcomeWith([...calls, ...again])).toMatchObject({ status: 'violated', first: [4, 3] });
  });
});
