import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { exercised } from './exercised.ts';
import { aCall, aClientCall, aUserCall, outcomeOf } from './history.test-support.ts';
import type { RuleContext, RunEnd, TargetExit } from './rule.ts';

type Run = Partial<RuleContext & RunEnd>;

const BOTH = ['MASTER', 'USER_1'];
const ENDED: TargetExit = { status: 0, signal: null, endedBy: null, timeoutMs: 1_000 };
const CALLS = [aCall(1, { tag: 'a' }), aUserCall(2, { tag: 'b' })];
const TOLD = [aClientCall('a'), aClientCall('b', { account: 'USER_1', askedMs: 1 })];

function said(calls: readonly JournalRecord[], run: Run = {}): string {
  const { explanation, status } = outcomeOf(exercised, calls, run);
  return `${status}: ${explanation}`;
}

describe('the advice, when calls are missing', () => {
  const none = 'inconclusive: The exchange saw no private call.';

  test.each<[string, Run, string]>([
    [
      'a command',
      { accounts: BOTH, exit: ENDED },
      'Check that the command sends its calls to KRAKEN_API_URL, as each account in KRAKEN_ACCOUNTS_FILE.',
    ],
    ['a recording', {}, 'Check that the file is the whole recording.'],
    [
      'a client module',
      { accounts: BOTH, clientCalls: [] },
      'Look at what the client was told (client.ndjson).',
    ],
    [
      'one that crashed',
      { accounts: BOTH, clientCalls: [], exit: { ...ENDED, status: 3 } },
      'The target ended with status 3.',
    ],
    [
      'one whose connections were refused, before all else',
      { accounts: BOTH, exit: { ...ENDED, status: 3 }, connectionsRefused: 2 },
      'The fault refuse turned 2 connections away, and with each the call that a client without retries would have made. Give each account more calls with --calls.',
    ],
    [
      'one of which no connection was refused',
      { connectionsRefused: 0 },
      'Check that the file is the whole recording.',
    ],
  ])('fits %s', (_what, run, advice) => {
    expect(said([], run)).toBe(`${none} ${advice}`);
  });

  test('is given for accounts that were silent, of which three are named', () => {
    const accounts = [...BOTH, 'U2', 'U3', 'U4'];
    const advice =
      'Check that the command sends its calls to KRAKEN_API_URL, as each account in KRAKEN_ACCOUNTS_FILE.';
    expect(said(CALLS, { accounts: ['MASTER', 'U2'] })).toBe(`inconclusive: No call came from U2. ${advice}`);
    expect(said(CALLS, { accounts })).toBe(`inconclusive: No call came from U2, U3, U4. ${advice}`);
    expect(said(CALLS, { accounts: [...accounts, 'U5'] })).toBe(
      `inconclusive: No call came from U2, U3, U4 and 1 other. ${advice}`,
    );
    expect(said(CALLS, { accounts: [...accounts, 'U5', 'U6'] })).toContain('and 2 others.');
  });
});

describe('what held', () => {
  test('says how much there was of what', () => {
    const recording = '; what the recording was meant to contain is not known';
    expect(said(CALLS)).toBe(`held: 2 calls from 2 accounts${recording}`);
    expect(said([...CALLS, aCall(3)], { accounts: BOTH })).toBe('held: 3 calls from 2 accounts');
    expect(said([aCall(1), aCall(2)], { accounts: ['MASTER'] })).toBe('held: 2 calls from 1 account');
    const faulted = [...CALLS, aCall(3, { fault: 'busy' }), aCall(4, { fault: 'reset' })];
    const faultKinds = ['busy', 'reset'];
    expect(said(faulted, { accounts: BOTH, clientCalls: TOLD, faultKinds })).toBe(
      'held: 4 calls from 2 accounts, with contention, 2 kinds of fault',
    );
  });

  test('counts an account once and a call without one not as an account', () => {
    const nameless = aCall(3, { account: null, key: null });
    expect(said([...CALLS, nameless, aUserCall(4)], { accounts: BOTH })).toBe(
      'held: 4 calls from 2 accounts',
    );
    expect(said([nameless, ...CALLS], { accounts: BOTH })).toBe('held: 3 calls from 2 accounts');
  });
});

describe('a lane that two calls shared', () => {
  const at = (...keys: readonly (string | null)[]): readonly JournalRecord[] =>
    keys.map((key, n) => aCall(n + 1, { key }));

  test.each([
    [['k'], 'inconclusive', 'inconclusive'],
    [['k', 'l'], 'held', 'inconclusive'],
    [['k', 'k'], 'held', 'held'],
    [['k', 'l', 'm', 'l'], 'held', 'held'],
    [[null, null], 'held', 'inconclusive'],
    [['k', null, null], 'held', 'inconclusive'],
    [['k', null, 'k', 'l'], 'held', 'held'],
  ])('%j', (keys, global, key) => {
    expect(outcomeOf(exercised, at(...keys), { scope: 'global' }).status).toBe(global);
    expect(outcomeOf(exercised, at(...keys), { scope: 'key' }).status).toBe(key);
  });
});

describe('what the client claims', () => {
  test('more successes than calls is a violation by as many', () => {
    const told = [...TOLD, aClientCall('c'), aClientCall('d')];
    expect(outcomeOf(exercised, CALLS, { clientCalls: told })).toEqual({
      status: 'violated',
      violations: 2,
      first: [],
      explanation: 'The client was told of 4 successes, but only 2 calls arrived.',
    });
    expect(outcomeOf(exercised, [], { clientCalls: told.slice(0, 1) })).toMatchObject({
      status: 'violated',
      explanation: 'The client was told of 1 success, but only 0 calls arrived.',
    });
  });

  test('only successes are claims', () => {
    const failed = [
      aClientCall('x', { outcome: 'failed' }),
      aClientCall('y', { outcome: 'failed', askedMs: 1 }),
    ];
    expect(said(CALLS, { accounts: BOTH, clientCalls: [...TOLD, ...failed] })).toMatch(/^held/);
    expect(said(CALLS, { accounts: BOTH, clientCalls: failed })).toMatch(/^held/);
    expect(outcomeOf(exercised, [], { clientCalls: failed }).status).toBe('inconclusive');
  });

  test('each one that did not arrive counts, the first is told, with whose it became', () => {
    const calls = [...CALLS, aCall(3, { tag: 'c', account: null, key: null })];
    const told = [aClientCall('b'), aClientCall('z'), aClientCall('a')];
    expect(outcomeOf(exercised, calls, { clientCalls: told })).toEqual({
      status: 'violated',
      violations: 2,
      first: [],
      explanation: "MASTER's Balance (tag b) was told that it succeeded, but it arrived as a call of USER_1.",
    });
    expect(outcomeOf(exercised, calls, { clientCalls: [aClientCall('c')] }).explanation).toContain(
      'but it arrived as a call of nobody.',
    );
    expect(outcomeOf(exercised, calls, { clientCalls: [aClientCall('z')] }).explanation).toBe(
      "MASTER's Balance (tag z) was told that it succeeded, but it never arrived.",
    );
  });

  test('cannot be matched without tags; that some account was silent is told first', () => {
    const untagged = [aCall(1), aUserCall(2)];
    expect(said(untagged, { accounts: BOTH, clientCalls: TOLD })).toBe(
      'inconclusive: No call carries the tag it was asked with, so what the client claims cannot be matched with what arrived: the client does not pass unknown parameters on.',
    );
    expect(said(untagged, { accounts: [...BOTH, 'U2'], clientCalls: TOLD })).toContain(
      'No call came from U2',
    );
  });

  test('are none where nothing succeeded, so that no tag is missed', () => {
    const failed = [0, 1].map((askedMs) => aClientCall(`t${askedMs}`, { outcome: 'failed', askedMs }));
    expect(said([aCall(1), aUserCall(2)], { accounts: BOTH, clientCalls: failed })).toMatch(/^held/);
  });

  test('a delivery that a middlebox repeated answers no claim', () => {
    const calls = [aCall(1, { tag: 'a' }), aCall(2, { tag: 'b', account: 'USER_1', duplicateOf: 1 })];
    expect(outcomeOf(exercised, calls, { clientCalls: [TOLD[1] ?? aClientCall('b')] }).status).toBe(
      'violated',
    );
  });
});

describe('contention', () => {
  /** Calls from asked to settled, in any order; `null` never settles. */
  const contended = (...times: readonly (readonly [number, number | null])[]): boolean => {
    const clientCalls = times.map(([askedMs, settledMs], n) =>
      aClientCall(`t${n}`, { askedMs, settledMs, outcome: settledMs === null ? 'unsettled' : 'succeeded' }),
    );
    const calls = times.map((_, n) => aCall(n + 1, { tag: `t${n}` }));
    const { explanation, status } = outcomeOf(exercised, calls, { clientCalls });
    if (status === 'inconclusive')
      expect(explanation).toBe(
        'No two calls were ever pending at the same time, so nothing contended for the lane.',
      );
    return status === 'held';
  };

  test('is a call asked for while another is pending, in whatever order they are listed', () => {
    expect(contended([0, 5], [4, 9])).toBe(true);
    expect(contended([4, 9], [0, 5])).toBe(true);
    expect(contended([0, 5], [5, 9])).toBe(false);
    expect(contended([5, 9], [0, 5])).toBe(false);
    expect(contended([0, 5], [6, 9])).toBe(false);
  });

  test('is with a long call behind short ones, and with one that never settles', () => {
    expect(contended([0, 2], [2, 20], [30, 31])).toBe(false);
    expect(contended([0, 2], [2, 20], [19, 31])).toBe(true);
    expect(contended([0, null], [50, 60])).toBe(true);
    expect(contended([0, 1], [50, null])).toBe(false);
  });
});

describe('faults', () => {
  const faultKinds = ['busy', 'reset', 'clock-back'];

  test('that never fired are all named, in how many calls', () => {
    expect(said(CALLS, { accounts: BOTH, faultKinds })).toBe(
      "inconclusive: The fault plan's busy, reset, clock-back never fired in 2 calls. Make more with --calls.",
    );
    const struck = [...CALLS, aUserCall(3, { fault: 'busy' })];
    expect(said(struck, { accounts: BOTH, faultKinds, faultsElsewhere: ['clock-back'] })).toContain(
      "plan's reset never fired in 3 calls",
    );
    expect(
      said([...struck, aCall(4, { fault: 'reset' })], { faultKinds, faultsElsewhere: ['clock-back'] }),
    ).toMatch(/^held/);
  });

  test('that the plan does not name change nothing', () => {
    expect(
      said([...CALLS, aCall(3, { fault: 'other' })], { accounts: BOTH, faultsElsewhere: ['more'] }),
    ).toBe('held: 3 calls from 2 accounts');
  });
});
