import { describe, expect, test } from 'vitest';
import { allAccepted } from './all-accepted.ts';
import { allSettle } from './all-settle.ts';
import { effectOnce } from './effect-once.ts';
import { aCall, aClientCall, anOrder, outcomeOf } from './history.test-support.ts';
import type { TargetExit } from './rule.ts';

describe('all-accepted', () => {
  const rejected = {
    outcome: 'rejected',
    error: 'EAPI:Invalid nonce',
    violations: ['nonce-increasing'],
  } as const;

  test('tells the error and what the call broke', () => {
    expect(outcomeOf(allAccepted, [aCall(1), aCall(2, { nonce: '5', ...rejected })])).toEqual({
      status: 'violated',
      violations: 1,
      first: [2],
      explanation:
        "MASTER's Balance (#2) with nonce 5 was rejected: EAPI:Invalid nonce; it broke nonce-increasing.",
    });
  });

  test('blames nobody for an injected fault', () => {
    const faulted = aCall(2, { outcome: 'faulted', fault: 'busy', error: 'EService:Busy' });
    const spurious = aCall(3, { ...rejected, fault: 'spurious-invalid-nonce' });
    expect(outcomeOf(allAccepted, [aCall(1), faulted, spurious]).status).toBe('held');
  });
});

describe('all-accepted and what an order asks for', () => {
  const refused = (seq: number): ReturnType<typeof aCall> =>
    aCall(seq, { method: 'AddOrder', outcome: 'rejected', error: 'EOrder:Order minimum not met' });

  test('counts a refusal of content and does not judge it', () => {
    expect(outcomeOf(allAccepted, [aCall(1), refused(2)])).toMatchObject({
      status: 'held',
      explanation:
        '1 call accepted, none rejected for the way it was called, 1 refused for what they asked for',
    });
    expect(outcomeOf(allAccepted, [aCall(1), refused(2)], { strict: true })).toMatchObject({
      status: 'violated',
      violations: 1,
      first: [2],
    });
  });

  test('still convicts a call for the way it was made that stands beside one', () => {
    const denied = aCall(3, { outcome: 'rejected', error: 'EGeneral:Permission denied' });
    const unexplained = aCall(4, { outcome: 'rejected', error: null });
    expect(outcomeOf(allAccepted, [aCall(1), refused(2), denied, unexplained])).toMatchObject({
      status: 'violated',
      violations: 2,
      first: [3],
    });
  });

  test('says so when every call was refused for what it asked for', () => {
    const outcome = outcomeOf(allAccepted, [refused(1), refused(2)]);
    expect(outcome.status).toBe('held');
    expect(outcome.explanation).toBe(
      "2 calls in order, and each refused for what it asked for: no effect was put to the test (first MASTER's AddOrder (#1): EOrder:Order minimum not met)",
    );
  });

  test('is inconclusive when faults left nothing', () => {
    const faulted = aCall(1, { outcome: 'faulted', fault: 'busy', error: 'EService:Busy' });
    expect(outcomeOf(allAccepted, [faulted]).status).toBe('inconclusive');
  });
});

describe('effect-once', () => {
  test('two effects under one tag are one too many', () => {
    const calls = [anOrder(1, { tag: 'p0-1' }), anOrder(2, { tag: 'p0-1' })];
    expect(outcomeOf(effectOnce, calls)).toMatchObject({
      status: 'violated',
      first: [2, 1],
      explanation:
        "MASTER's AddOrder took effect a second time for the same intent (tag p0-1), now as O2 (#2, #1).",
    });
  });

  test('so are two orders of one account with one cl_ord_id, but not its order and its cancellation', () => {
    const order = anOrder(1, { clientRef: 'mine' });
    const cancel = aCall(2, {
      method: 'CancelOrder',
      clientRef: 'mine',
      effect: { kind: 'cancel', ids: ['O1'] },
    });
    const ofAnother = anOrder(3, { clientRef: 'mine', account: 'USER_1', key: 'key-1' });
    expect(outcomeOf(effectOnce, [order, cancel, ofAnother]).status).toBe('held');
    expect(outcomeOf(effectOnce, [order, anOrder(2, { clientRef: 'mine' })]).status).toBe('violated');
  });

  test('a retry of which only one took effect is fine', () => {
    const lost = anOrder(1, { tag: 't', effect: null, outcome: 'faulted', fault: 'reset' });
    expect(outcomeOf(effectOnce, [lost, anOrder(2, { tag: 't' })]).status).toBe('held');
  });

  test('a success that never took effect, or under another id, is a lie', () => {
    const calls = [anOrder(1, { tag: 'a' }), aCall(2, { tag: 'b', method: 'AddOrder' })];
    const told = (tag: string, txid: string): ReturnType<typeof aClientCall> =>
      aClientCall(tag, { method: 'AddOrder', txids: [txid] });
    expect(outcomeOf(effectOnce, calls, { clientCalls: [told('a', 'O1')] }).status).toBe('held');
    expect(outcomeOf(effectOnce, calls, { clientCalls: [told('a', 'O9')] })).toMatchObject({
      status: 'violated',
      first: [1],
      explanation: "MASTER's AddOrder (tag a) was told of O9, which is not what took effect.",
    });
    expect(outcomeOf(effectOnce, calls, { clientCalls: [told('b', 'O2')] })).toMatchObject({
      status: 'violated',
      first: [],
      explanation: "MASTER's AddOrder (tag b) was told that it succeeded, but it never took effect.",
    });
  });

  test('a cancel that found its order closed already was told of no effect', () => {
    const unknown = { method: 'CancelOrder', outcome: 'rejected', error: 'EOrder:Unknown order' } as const;
    const calls = [
      anOrder(1, { tag: 'a' }),
      aCall(2, { tag: 'b', method: 'CancelOrder', outcome: 'faulted', fault: 'drop-before' }),
      aCall(3, { tag: 'b', ...unknown }),
    ];
    const told = aClientCall('b', { method: 'CancelOrder' });
    const statusOf = (clientCall: typeof told): string =>
      outcomeOf(effectOnce, calls, { clientCalls: [clientCall] }).status;
    expect(statusOf({ ...told, toldCount: 0 })).toBe('held');
    expect(statusOf({ ...told, toldCount: 1 })).toBe('violated');
    expect(statusOf(told)).toBe('violated');
    expect(statusOf({ ...told, method: 'AddOrder', txids: ['O9'], toldCount: 0 })).toBe('violated');
  });

  test('a failure that is said to have had no effect, and had one, is a lie as well', () => {
    const told = aClientCall('a', { method: 'AddOrder', outcome: 'failed', toldOutcome: 'not-executed' });
    const unsure = { ...told, toldOutcome: 'unknown' } as const;
    const calls = [anOrder(1, { tag: 'a' })];
    expect(outcomeOf(effectOnce, calls, { clientCalls: [unsure] }).status).toBe('held');
    expect(outcomeOf(effectOnce, calls, { clientCalls: [told] })).toMatchObject({
      status: 'violated',
      first: [1],
      explanation: "MASTER's AddOrder (tag a) was told that it had no effect, but it took effect (#1).",
    });
  });

  test('orders without any name prove nothing', () => {
    expect(outcomeOf(effectOnce, [anOrder(1), anOrder(2)]).status).toBe('not-applicable');
    expect(outcomeOf(effectOnce, [aCall(1)]).status).toBe('not-applicable');
  });
});

describe('all-settle', () => {
  const ended: TargetExit = { status: 0, signal: null, endedBy: null, timeoutMs: 120_000 };

  test('holds when the target ended well and every call settled', () => {
    const { status, explanation } = outcomeOf(allSettle, [], {
      exit: ended,
      clientCalls: [aClientCall('a')],
    });
    expect({ status, explanation }).toEqual({
      status: 'held',
      explanation: '1 call settled, the target ended by itself with status 0',
    });
  });

  const unsettled = { outcome: 'unsettled', settledMs: null } as const;
  const stopped = { endedBy: 'time-limit', status: null, signal: 'SIGTERM' } as const;

  test.each([
    [{ status: null, signal: 'SIGSEGV' }, 'The target was ended by SIGSEGV.'],
    [{ status: 3 }, 'The target ended with status 3.'],
    [{ status: 13 }, 'The target ended with status 13 (Node: something was awaited that can never come).'],
    [
      { endedBy: 'interrupt', status: 143 } as const,
      'The target was ended early, for nonceproof was interrupted.',
    ],
    [
      stopped,
      'The target was still running after 120 s, its time limit, and was ended. If it runs until it is stopped, stop it with --duration or --stop-after; else give it more time with --timeout.',
    ],
  ])('%j breaks nothing and proves nothing', (change, explanation) => {
    const exit = { ...ended, ...change };
    expect(outcomeOf(allSettle, [aCall(1)], { exit })).toMatchObject({ status: 'inconclusive', explanation });
    expect(outcomeOf(allSettle, [], { exit }).explanation).toMatch(
      /^The target .*, and made no call before\.$/,
    );
  });

  test('leaves calls alone that were open when the harness ended the target, or when it crashed', () => {
    const clientCalls = [aClientCall('a', unsettled)];
    for (const change of [stopped, { endedBy: 'interrupt' } as const, { status: 1 }]) {
      const { explanation, status } = outcomeOf(allSettle, [aCall(1, { tag: 'a' })], {
        exit: { ...ended, ...change },
        clientCalls,
      });
      expect(status).toBe('inconclusive');
      expect(explanation).toContain('1 call had not settled by then.');
    }
  });

  test.each([
    [{ lastMs: 60_000, longestBeforeMs: 10 }, 120_000, 'violated'],
    [{ lastMs: 59_999, longestBeforeMs: 10 }, 120_000, 'inconclusive'],
    [{ lastMs: 60_000, longestBeforeMs: 20_000 }, 1_200_000, 'violated'],
    [{ lastMs: 60_000, longestBeforeMs: 20_001 }, 1_200_000, 'inconclusive'],
    [{ lastMs: 1_000, longestBeforeMs: 0 }, 2_000, 'violated'],
    [{ lastMs: 0, longestBeforeMs: 0 }, 2_000, 'inconclusive'],
    [undefined, 2_000, 'inconclusive'],
  ])('%j of stillness at the end of %d ms: %s', (stillness, timeoutMs, status) => {
    const exit = { ...ended, ...stopped, timeoutMs, stillness };
    expect(outcomeOf(allSettle, [aCall(1)], { exit }).status).toBe(status);
  });

  test('says who waits for whom when the target hung', () => {
    const clientCalls = [aClientCall('a'), aClientCall('b', unsettled), aClientCall('c', unsettled)];
    const exit = { ...ended, ...stopped, stillness: { lastMs: 70_000, longestBeforeMs: 1 } };
    const history = [aCall(1, { tag: 'a' }), aCall(2, { tag: 'b' })];
    expect(outcomeOf(allSettle, history, { exit, clientCalls })).toMatchObject({
      status: 'violated',
      violations: 2,
      explanation:
        'The target hung: it was still running after 120 s, its time limit, and was ended; nothing had been in service ' +
        "for 70 s. MASTER's Balance (tag b) was answered (#2) and never settled. 1 call waited behind and was never sent.",
    });
  });

  test('convicts a client module that Node found waiting for what can never come', () => {
    const exit = { ...ended, status: 13 };
    expect(
      outcomeOf(allSettle, [aCall(1)], { exit, clientCalls: [aClientCall('a', unsettled)] }),
    ).toMatchObject({
      status: 'violated',
      violations: 1,
    });
  });

  test('convicts a client of the simulated world by an error that nothing caught', () => {
    const exit = { ...ended, status: 1, endedBy: 'uncaught-error' } as const;
    expect(outcomeOf(allSettle, [aCall(1)], { exit, clientCalls: [] })).toMatchObject({
      status: 'violated',
      explanation: 'The target ended by an error of its own that nothing caught.',
    });
  });

  test('names a call that never settled', () => {
    const clientCalls = [aClientCall('a'), aClientCall('b', unsettled), aClientCall('c', unsettled)];
    expect(outcomeOf(allSettle, [], { exit: ended, clientCalls })).toMatchObject({
      status: 'violated',
      violations: 2,
      explanation: "MASTER's Balance (tag b) and 1 other call never settled.",
    });
  });

  test('of a recorded file says what it cannot know', () => {
    expect(outcomeOf(allSettle, [aCall(1)])).toMatchObject({
      status: 'held',
      explanation: '1 call answered; how the process ended is not in the file',
    });
    expect(outcomeOf(allSettle, [aCall(1, { departedNs: null })]).status).toBe('inconclusive');
  });
});
