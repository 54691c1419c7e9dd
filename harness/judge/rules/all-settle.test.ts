import { describe, expect, test } from 'vitest';
import { allSettle } from './all-settle.ts';
import { aCall, aClientCall, aUserCall, outcomeOf } from './history.test-support.ts';
import type { RuleOutcome, TargetExit } from './rule.ts';

const ENDED: TargetExit = { status: 0, signal: null, endedBy: null, timeoutMs: 120_000 };
const HUNG: TargetExit = {
  status: null,
  signal: 'SIGTERM',
  endedBy: 'time-limit',
  timeoutMs: 120_000,
  stillness: { lastMs: 60_000, longestBeforeMs: 0 },
};
const OPEN = { outcome: 'unsettled', settledMs: null } as const;

describe('what a recorded file shows', () => {
  test('is nothing without a call', () => {
    expect(outcomeOf(allSettle, [])).toMatchObject({
      status: 'not-applicable',
      explanation: 'There was no call, and how the process ended is not in the file.',
    });
  });

  test('is how many calls had no answer, and which came first; tags do not matter', () => {
    const calls = [
      aCall(1, { tag: 'a' }),
      aUserCall(2, { departedNs: null, tag: 'b' }),
      aCall(3, { departedNs: null }),
    ];
    expect(outcomeOf(allSettle, calls)).toMatchObject({
      status: 'inconclusive',
      explanation: "2 calls had no answer when the recording ended, USER_1's Balance (#2) first.",
    });
  });
});

describe('a target that was stopped as planned', () => {
  const STOPPED: TargetExit = {
    status: null,
    signal: 'SIGTERM',
    endedBy: 'planned-stop',
    timeoutMs: 600_000,
    ranMs: 10_000,
    stillness: { lastMs: 400, longestBeforeMs: 900 },
  };
  const calls = [aCall(1, { tag: 'a' }), aCall(2, { tag: 'b', departedNs: null })];

  test('held: its calls without an answer were cut off', () => {
    expect(outcomeOf(allSettle, calls, { exit: STOPPED })).toMatchObject({
      status: 'held',
      explanation: 'the target was stopped as planned after 10 s; 1 call cut off',
    });
    expect(outcomeOf(allSettle, calls.slice(0, 1), { exit: STOPPED }).explanation).toBe(
      'the target was stopped as planned after 10 s',
    );
  });

  test('held, too, when it had to be killed, which is said', () => {
    expect(outcomeOf(allSettle, calls, { exit: { ...STOPPED, signal: 'SIGKILL' } })).toMatchObject({
      status: 'held',
      explanation: expect.stringMatching(
        /by SIGKILL, since SIGTERM did not end it in time; 1 call cut off$/,
      ) as string,
    });
  });

  test('made no call: nothing is concluded', () => {
    expect(outcomeOf(allSettle, [], { exit: STOPPED })).toMatchObject({
      status: 'inconclusive',
      explanation: 'The target was stopped as planned after 10 s, and made no call before.',
    });
  });

  test.each([
    [5_000, 900, 'inconclusive'],
    [4_999, 900, 'held'],
    [6_000, 2_001, 'held'],
    [6_000, 2_000, 'inconclusive'],
  ])('still for %i ms, after pauses of at most %i ms: %s', (lastMs, longestBeforeMs, status) => {
    const exit = { ...STOPPED, stillness: { lastMs, longestBeforeMs } };
    const outcome = outcomeOf(allSettle, calls.slice(0, 1), { exit });
    expect(outcome.status).toBe(status);
    if (status === 'inconclusive')
      expect(outcome.explanation).toMatch(/it may hang, or pause\. .*--duration/);
  });

  test.each([
    [5e9 + 1, 'violated'],
    [5e9, 'held'],
  ])('a call that was answered %d ns before the last one and never settled: %s', (gapNs, status) => {
    const first = aCall(1, { tag: 'a' });
    const last = aCall(2, { tag: 'b', departedNs: (first.departedNs ?? 0) + gapNs });
    const clientCalls = [aClientCall('a', OPEN), aClientCall('b')];
    expect(outcomeOf(allSettle, [first, last], { exit: STOPPED, clientCalls }).status).toBe(status);
  });
});

describe('a target that ended by itself', () => {
  test('says what it knows: the calls, the end, or both', () => {
    const clientCalls = [aClientCall('a'), aClientCall('b')];
    const explained = (run: Parameters<typeof outcomeOf>[2]): RuleOutcome => outcomeOf(allSettle, [], run);
    expect(explained({ exit: ENDED })).toMatchObject({
      status: 'held',
      explanation: 'the target ended by itself with status 0',
    });
    expect(explained({ clientCalls })).toMatchObject({ status: 'held', explanation: '2 calls settled' });
    expect(explained({ clientCalls, exit: ENDED }).explanation).toBe(
      '2 calls settled, the target ended by itself with status 0',
    );
  });

  test.each([null, ENDED])('is convicted by a call that never settled (%j)', (exit) => {
    const clientCalls = [aClientCall('a'), aClientCall('b', OPEN)];
    expect(outcomeOf(allSettle, [aCall(1, { tag: 'a' })], { exit, clientCalls })).toEqual({
      status: 'violated',
      violations: 1,
      first: [],
      explanation: "MASTER's Balance (tag b) never settled.",
    });
  });

  test('names the one that was answered, whichever was asked for first', () => {
    const clientCalls = ['a', 'b', 'c', 'd', 'e'].map((tag) => aClientCall(tag, OPEN));
    const waiting = (history: readonly string[]): string =>
      outcomeOf(
        allSettle,
        history.map((tag, n) => aCall(n + 1, { tag })),
        { exit: ENDED, clientCalls },
      ).explanation;
    expect(waiting(['b'])).toBe(
      "MASTER's Balance (tag b) was answered (#1) and never settled. 4 calls waited behind and were never sent.",
    );
    expect(waiting(['b', 'd', 'e', 'c'])).toBe(
      "MASTER's Balance (tag b) was answered (#1) and never settled, as did 3 other calls. 1 call waited behind and was never sent.",
    );
    expect(waiting(['a', 'b', 'd', 'e', 'c'])).toBe(
      "MASTER's Balance (tag a) was answered (#1) and never settled, as did 4 other calls.",
    );
    expect(waiting([])).toBe("MASTER's Balance (tag a) and 4 other calls never settled.");
  });

  test('a call that is still in service was not answered', () => {
    const clientCalls = [aClientCall('a', OPEN)];
    const history = [aCall(1, { tag: 'a', departedNs: null })];
    expect(outcomeOf(allSettle, history, { exit: ENDED, clientCalls }).explanation).toBe(
      "MASTER's Balance (tag a) never settled.",
    );
  });
});

describe('a target that did not end well', () => {
  test('is judged by its open calls although none arrived', () => {
    const clientCalls = [aClientCall('a', OPEN)];
    expect(outcomeOf(allSettle, [], { exit: HUNG, clientCalls }).status).toBe('violated');
    const crashed = outcomeOf(allSettle, [], { exit: { ...ENDED, status: 1 }, clientCalls });
    expect(crashed.explanation).toBe('The target ended with status 1. 1 call had not settled by then.');
    expect(outcomeOf(allSettle, [], { exit: HUNG }).status).toBe('inconclusive');
  });

  test('hung once, if no call is known to be open', () => {
    expect(outcomeOf(allSettle, [aCall(1)], { exit: HUNG })).toEqual({
      status: 'violated',
      violations: 1,
      first: [],
      explanation:
        'The target hung: it was still running after 120 s, its time limit, and was ended; nothing had been in service for 60 s.',
    });
  });

  test('did not hang when an interrupt ended it, or when it ended by itself, however still it was', () => {
    const { stillness } = HUNG;
    const interrupted = { ...HUNG, endedBy: 'interrupt' } as const;
    expect(outcomeOf(allSettle, [aCall(1)], { exit: interrupted }).status).toBe('inconclusive');
    const crashed = { ...ENDED, status: 2, stillness };
    expect(outcomeOf(allSettle, [aCall(1)], { exit: crashed }).status).toBe('inconclusive');
  });

  test('was stuck only if it is a client module, ended by itself, with that status', () => {
    const stuck = { ...ENDED, status: 13 };
    const clientCalls = [aClientCall('a')];
    const statusOf = (exit: TargetExit, calls: typeof clientCalls | null): string =>
      outcomeOf(allSettle, [aCall(1)], { exit, clientCalls: calls }).status;
    expect(statusOf(stuck, clientCalls)).toBe('violated');
    expect(statusOf(stuck, null)).toBe('inconclusive');
    expect(statusOf({ ...stuck, status: 12 }, clientCalls)).toBe('inconclusive');
    expect(statusOf({ ...stuck, endedBy: 'interrupt' }, clientCalls)).toBe('inconclusive');
    expect(statusOf({ ...stuck, endedBy: 'time-limit' }, clientCalls)).toBe('inconclusive');
    const outcome = outcomeOf(allSettle, [aCall(1)], { exit: stuck, clientCalls });
    expect(outcome).toMatchObject({ violations: 1, first: [] });
  });

  test('status 0 is no good end when the harness or a signal ended it', () => {
    const statusOf = (change: Partial<TargetExit>): string =>
      outcomeOf(allSettle, [aCall(1)], { exit: { ...ENDED, ...change } }).status;
    expect(statusOf({ endedBy: 'interrupt' })).toBe('inconclusive');
    expect(statusOf({ endedBy: 'time-limit' })).toBe('inconclusive');
    expect(statusOf({ signal: 'SIGKILL' })).toBe('inconclusive');
    expect(statusOf({ status: null })).toBe('inconclusive');
    expect(statusOf({ endedBy: 'uncaught-error' })).toBe('violated');
  });

  test('an interrupt before it was started is told apart from one after', () => {
    const said = (change: Partial<TargetExit>): string =>
      outcomeOf(allSettle, [aCall(1)], {
        exit: { ...ENDED, endedBy: 'interrupt', status: null, ...change },
      }).explanation;
    expect(said({})).toBe('The target was not started, for nonceproof was interrupted.');
    expect(said({ signal: 'SIGINT' })).toBe('The target was ended early, for nonceproof was interrupted.');
    expect(said({ status: 0 })).toBe('The target was ended early, for nonceproof was interrupted.');
  });
});
