import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { aCall, aClientCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { noStarvation } from './no-starvation.ts';
import type { RuleContext, RuleOutcome, RunEnd } from './rule.ts';

type Run = Partial<RuleContext & RunEnd>;

const MS = 1_000_000;

/** The calls of one account, of which the first that was asked for is served after all `others`. */
function lastOf(account: string, others: number): { calls: JournalRecord[]; asked: ClientCall[] } {
  const tagOf = (n: number): string => `${account}-${n}`;
  const asked = Array.from({ length: others + 1 }, (_, n) => aClientCall(tagOf(n), { account, askedMs: n }));
  const calls = asked.map((_, turn) =>
    aCall(turn + 1, { account, key: account, tag: tagOf((turn + 1) % (others + 1)) }),
  );
  return { calls, asked };
}

function judge(
  calls: readonly JournalRecord[],
  clientCalls: readonly ClientCall[],
  run: Run = {},
): RuleOutcome {
  return outcomeOf(noStarvation, calls, { clientCalls, ...run });
}

describe('how many may go before a call', () => {
  const accounts = Array.from({ length: 6 }, (_, n) => `U${n}`);
  const statusOf = (others: number, run: Run): string => {
    const { asked, calls } = lastOf('U0', others);
    return judge(calls, asked, run).status;
  };

  test('is one for each account that shares the lane, and four at least', () => {
    expect([statusOf(6, { accounts }), statusOf(7, { accounts })]).toEqual(['held', 'violated']);
    expect([statusOf(4, {}), statusOf(5, {})]).toEqual(['held', 'violated']);
    const two = accounts.slice(0, 2);
    expect([statusOf(4, { accounts: two }), statusOf(5, { accounts: two })]).toEqual(['held', 'violated']);
  });

  test('is four where each key has its lane, however many accounts there are', () => {
    expect([statusOf(4, { accounts, scope: 'key' }), statusOf(5, { accounts, scope: 'key' })]).toEqual([
      'held',
      'violated',
    ]);
  });

  test('is as many for each thread and process', () => {
    const run = { accounts, instances: 2 };
    expect([statusOf(12, run), statusOf(13, run)]).toEqual(['held', 'violated']);
    const byKey = { accounts, instances: 5, scope: 'key' } as const;
    expect([statusOf(5, byKey), statusOf(6, byKey)]).toEqual(['held', 'violated']);
  });

  test('without a list of accounts, counts those that called', () => {
    const { asked, calls } = lastOf('U0', 7);
    const others = Array.from({ length: 6 }, (_, n) => aCall(n + 20, { account: `V${n}`, key: `v-${n}` }));
    expect(judge(calls, asked).status).toBe('violated');
    expect(judge([...calls, ...others], asked)).toMatchObject({
      status: 'held',
      explanation: '7 accounts made progress; no call overtaken by more than 7',
    });
  });
});

describe('with a lane for each key', () => {
  test('each is judged by itself, and the worst call is named', () => {
    const first = lastOf('U0', 6);
    const second = lastOf('U1', 8);
    const calls = [...first.calls, ...second.calls.map((call) => ({ ...call, seq: call.seq + 100 }))];
    const asked = [...first.asked, ...second.asked];
    expect(judge(calls, asked, { scope: 'key' })).toMatchObject({
      status: 'violated',
      violations: 2,
      first: [109],
      explanation:
        "U1's Balance (#109) was overtaken by 8 calls asked for after it; at most 4 are fair here.",
    });
  });
});

test('of two that were overtaken alike, the one asked for first is named', () => {
  const asked = Array.from({ length: 12 }, (_, n) => aClientCall(`t${n}`, { askedMs: n }));
  const order = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1];
  const calls = order.map((n, turn) => aCall(turn + 1, { tag: `t${n}` }));
  expect(judge(calls, asked)).toMatchObject({ violations: 2, first: [11] });
});

describe('an account that waits for its own call', () => {
  const OTHERS = 10;

  /** USER_1's first call ends at `endMs`; MASTER's ten take 10 ms each; then USER_1's second is served. */
  function behind(first: Partial<JournalRecord>, again: readonly JournalRecord[] = []): RuleOutcome {
    const own = ['first', 'second'].map((tag) => aClientCall(tag, { account: 'USER_1', settledMs: 9_000 }));
    const others = Array.from({ length: OTHERS }, (_, n) => aClientCall(`m${n}`, { askedMs: 1 }));
    const served = others.map(({ tag }, n) =>
      aCall(n + 2, { tag, arrivedNs: (n + 1) * 10 * MS, departedNs: (n + 1) * 10 * MS + MS }),
    );
    const last = aUserCall(90, { tag: 'second', arrivedNs: 900 * MS, departedNs: 901 * MS });
    const calls = [
      aUserCall(1, { tag: 'first', arrivedNs: 0, departedNs: MS, ...first }),
      ...served,
      ...again,
      last,
    ];
    return judge(calls, [...own, ...others]);
  }

  const REFUSED = { outcome: 'rejected', error: 'EOrder:Rate limit exceeded' } as const;
  const again = aUserCall(80, { tag: 'first', arrivedNs: 800 * MS, departedNs: 801 * MS });

  test('does so once that was refused, or sent again', () => {
    expect(behind({}).status).toBe('violated');
    expect(behind(REFUSED).status).toBe('held');
    expect(behind({}, [again]).status).toBe('held');
    expect(behind(REFUSED, [again]).status).toBe('held');
    expect(behind({}, [again, { ...again, seq: 81 }]).status).toBe('held');
  });

  test('does so from the end of the first attempt on: what went before by then counts', () => {
    expect(behind({ ...REFUSED, departedNs: 500 * MS }).status).toBe('violated');
    expect(behind({ departedNs: 500 * MS }, [again]).status).toBe('violated');
    expect(behind({ ...REFUSED, departedNs: null }).status).toBe('held');
    expect(behind({ departedNs: null }, [again]).status).toBe('held');
  });
});

describe('where waits cannot be judged', () => {
  test('a recording may carry tags all the same', () => {
    expect(outcomeOf(noStarvation, [aCall(1, { tag: 'a' })])).toMatchObject({
      status: 'held',
      explanation: '1 account made progress; waits are not visible from outside',
    });
  });

  test('a command’s calls are seen from outside only, although a client side was expected', () => {
    const observer = noStarvation.observe({ scope: 'global', accounts: null, faultKinds: [] });
    observer.onCall(aCall(1, { tag: 'a' }), { nonce: '1', keyIndex: 0, accountIndex: 0 });
    expect(observer.finish({ exit: null, clientCalls: null }).status).toBe('held');
  });

  test('calls of no account are no progress, and a silent account is named', () => {
    const nameless = aCall(1, { account: null, key: null });
    expect(outcomeOf(noStarvation, [nameless])).toMatchObject({
      status: 'not-applicable',
      explanation: 'No account made a call.',
    });
    expect(outcomeOf(noStarvation, [nameless, aCall(2)], { accounts: ['MASTER', 'U1', 'U2'] })).toMatchObject(
      {
        status: 'inconclusive',
        explanation:
          'U1 made no call; whether it was kept waiting cannot be told: waits are not visible from outside.',
      },
    );
    expect(
      outcomeOf(noStarvation, [aCall(2), aUserCall(3)], { accounts: ['MASTER', 'USER_1'] }).explanation,
    ).toBe('2 accounts made progress; waits are not visible from outside');
  });

  test('no call carries a tag, or none waited', () => {
    expect(judge([aCall(1)], [aClientCall('a')])).toMatchObject({
      status: 'inconclusive',
      explanation: 'No call that arrived could be matched with a call that was asked for.',
    });
    const nothing = { status: 'not-applicable', explanation: 'No call waited.' };
    expect(judge([aCall(1)], [])).toMatchObject(nothing);
    expect(judge([aCall(1, { tag: 'z' })], [aClientCall('a', { outcome: 'failed' })])).toMatchObject(nothing);
  });
});

test('a call that never arrived may be held up by a kept lane, beside others that never arrived', () => {
  const limit = { outcome: 'rejected', error: 'EOrder:Rate limit exceeded', tag: 'u' } as const;
  const calls = [
    aUserCall(1, { ...limit, arrivedNs: 10 * MS, departedNs: 10 * MS }),
    aUserCall(2, { tag: 'u', arrivedNs: 3_000 * MS, departedNs: 3_000 * MS }),
  ];
  const asked = [
    aClientCall('u', { account: 'USER_1', askedMs: 5 }),
    aClientCall('m', { askedMs: 6, outcome: 'unsettled', settledMs: null }),
    aClientCall('n', { askedMs: 6, outcome: 'failed' }),
  ];
  expect(judge(calls, asked, { accountLimit: true })).toMatchObject({
    status: 'violated',
    violations: 1,
    first: [2, 1],
  });
});
