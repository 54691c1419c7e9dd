import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { exercised } from './exercised.ts';
import { aCall, aClientCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { noStarvation } from './no-starvation.ts';
import type { RuleContext, RuleOutcome } from './rule.ts';

const BOTH = ['MASTER', 'USER_1'];

describe('exercised', () => {
  const calls = [aCall(1, { tag: 'a' }), aUserCall(2, { tag: 'b' })];
  const told = [aClientCall('a', { askedMs: 0 }), aClientCall('b', { account: 'USER_1', askedMs: 1 })];

  test('holds when everybody called, two calls contended and every success arrived', () => {
    const { status, explanation } = outcomeOf(exercised, calls, { accounts: BOTH, clientCalls: told });
    expect({ status, explanation }).toEqual({
      status: 'held',
      explanation: '2 calls from 2 accounts, with contention',
    });
  });

  test('is never held without a call, and tells a command where to look', () => {
    const { status, explanation } = outcomeOf(exercised, [], { accounts: BOTH });
    expect(status).toBe('inconclusive');
    expect(explanation).toContain('KRAKEN_API_URL');
  });

  test('misses the accounts that were silent', () => {
    const { status, explanation } = outcomeOf(exercised, calls, { accounts: [...BOTH, 'USER_2', 'USER_3'] });
    expect(status).toBe('inconclusive');
    expect(explanation).toContain('No call came from USER_2, USER_3.');
  });

  test('misses contention when the client was only ever asked for one call at a time', () => {
    const inTurn = told.map((call, i) => ({ ...call, askedMs: i * 10, settledMs: i * 10 + 5 }));
    expect(outcomeOf(exercised, calls, { accounts: BOTH, clientCalls: inTurn }).status).toBe('inconclusive');
  });

  test('misses two calls in one lane', () => {
    expect(outcomeOf(exercised, calls, { scope: 'global' }).status).toBe('held');
    expect(outcomeOf(exercised, calls, { scope: 'key' }).status).toBe('inconclusive');
    expect(outcomeOf(exercised, [...calls, aCall(3)], { scope: 'key' }).status).toBe('held');
  });

  test('misses a kind of fault that never fired', () => {
    const faulted = [...calls, aCall(3, { fault: 'reset', outcome: 'faulted' })];
    expect(outcomeOf(exercised, faulted, { faultKinds: ['reset'] }).status).toBe('held');
    expect(outcomeOf(exercised, faulted, { faultKinds: ['reset', 'busy'] })).toMatchObject({
      status: 'inconclusive',
      explanation: expect.stringMatching(/^The fault plan's busy never fired in \d+ calls/),
    });
  });

  test('a fault that struck no account had nothing at stake', () => {
    const unknown = [...calls, aCall(3, { fault: 'reset', outcome: 'faulted', account: null })];
    expect(outcomeOf(exercised, unknown, { faultKinds: ['reset'] }).status).toBe('inconclusive');
  });

  test('a fault may strike elsewhere than at the exchange', () => {
    const run = { faultKinds: ['clock-back'], clientCalls: told, accounts: BOTH };
    expect(outcomeOf(exercised, calls, run).status).toBe('inconclusive');
    expect(outcomeOf(exercised, calls, { ...run, faultsElsewhere: ['clock-back'] }).status).toBe('held');
  });

  test('a success that never arrived, or as somebody else, is a violation', () => {
    const invented = [...told.slice(0, 1), aClientCall('z')];
    const mixedUp = [...told.slice(0, 1), aClientCall('b', { account: 'MASTER' })];
    expect(outcomeOf(exercised, calls, { clientCalls: invented }).explanation).toContain('it never arrived');
    expect(outcomeOf(exercised, calls, { clientCalls: mixedUp }).explanation).toContain(
      'as a call of USER_1',
    );
    expect(outcomeOf(exercised, calls.slice(0, 1), { clientCalls: told }).status).toBe('violated');
  });

  test('failures and calls that never settle are not its concern', () => {
    const failed = told.map((call) => ({ ...call, outcome: 'failed' }) as const);
    expect(outcomeOf(exercised, calls, { accounts: BOTH, clientCalls: failed }).status).toBe('held');
  });
});

describe('no-starvation at a limit', () => {
  const LIMIT = { outcome: 'rejected', error: 'EOrder:Rate limit exceeded', method: 'AddOrder' } as const;
  const MS_NS = 1_000_000;

  /** USER_1 is refused at 10 ms and sent again at `againMs`; MASTER asked at `askedMs` and is served after that. */
  function keptLane(
    changes: {
      readonly againMs?: number;
      readonly askedMs?: number;
      readonly between?: readonly JournalRecord[];
      readonly error?: string;
      readonly waiting?: Partial<ClientCall>;
      readonly context?: Partial<RuleContext>;
    } = {},
  ): RuleOutcome {
    const { againMs = 3_010, askedMs = 6, between = [], error = LIMIT.error, waiting, context } = changes;
    const asked = [
      aClientCall('user', { account: 'USER_1', method: 'AddOrder', askedMs: 5, settledMs: againMs + 5 }),
      aClientCall('master', { askedMs, settledMs: againMs + 15, ...waiting }),
    ];
    const at = (ms: number): { arrivedNs: number; departedNs: number } => ({
      arrivedNs: ms * MS_NS,
      departedNs: ms * MS_NS,
    });
    const calls = [
      aUserCall(1, { ...LIMIT, error, tag: 'user', ...at(10) }),
      ...between,
      aUserCall(3, { method: 'AddOrder', tag: 'user', ...at(againMs) }),
      aCall(4, { tag: 'master', ...at(againMs + 10) }),
    ];
    const run = { accounts: BOTH, clientCalls: asked, accountLimit: true, ...context };
    return outcomeOf(noStarvation, calls, run);
  }

  test('a lane that is kept until one account may call again holds up the others', () => {
    expect(keptLane()).toEqual({
      status: 'violated',
      violations: 1,
      first: [3, 1],
      explanation:
        "MASTER's Balance waited 2,999 milliseconds while nothing was in service: the lane was kept for USER_1's AddOrder (#1), which was refused with EOrder:Rate limit exceeded and sent again as #3.",
    });
  });

  test.each<[string, Parameters<typeof keptLane>[0], string]>([
    ['a second', { againMs: 1_010, askedMs: 5 }, 'violated'],
    ['less than a second', { againMs: 1_009, askedMs: 5 }, 'held'],
    ['a call that waited for less than a second of it', { askedMs: 2_020 }, 'held'],
    ['a named time', { error: 'EService: Throttled: 1795353738' }, 'violated'],
    ['another refusal', { error: 'EOrder:Insufficient funds' }, 'held'],
    ['a call of the same account that waited', { waiting: { account: 'USER_1' } }, 'held'],
    ['another call in between', { between: [aUserCall(2, { arrivedNs: 2_000 * MS_NS })] }, 'held'],
    ['a run that drives nobody to a limit', { context: { accountLimit: false } }, 'held'],
    ['several threads, whose clocks differ', { context: { instances: 2 } }, 'held'],
    ['a lane for each key', { context: { scope: 'key' } }, 'held'],
  ])('%s', (_what, changes, status) => {
    expect(keptLane(changes).status).toBe(status);
  });

  /** USER_1's first call is refused; its other calls and MASTER's are asked for at once; MASTER's are served first. */
  function overtaken(first: Partial<JournalRecord>, laterAskedMs = 1): RuleOutcome {
    const own = ['first', 'second', 'third'].map((tag, n) =>
      aClientCall(tag, { account: 'USER_1', askedMs: n === 0 ? 0 : laterAskedMs, settledMs: 2_000 + n }),
    );
    const others = Array.from({ length: 20 }, (_, n) => aClientCall(`m${n}`, { askedMs: laterAskedMs }));
    const served = [
      ...others.map(({ tag }, n) => aCall(n + 2, { tag })),
      ...own.map(({ tag }, n) => aUserCall(n + 22, { tag })),
    ];
    const calls = [aUserCall(1, { tag: 'first', ...first }), ...served];
    return outcomeOf(noStarvation, calls, { accounts: BOTH, clientCalls: [...own, ...others] });
  }

  test('an account that waits for its own refused or repeated call is not starved by others', () => {
    expect(overtaken(LIMIT).status).toBe('held');
    expect(overtaken({}).status).toBe('held');
    expect(overtaken({ tag: null })).toMatchObject({ status: 'violated', violations: 3 });
  });

  test('but what it asks for when that call is over is judged again', () => {
    expect(overtaken(LIMIT, 2_003)).toMatchObject({ status: 'violated', violations: 2 });
  });
});

describe('no-starvation', () => {
  const USERS = Array.from({ length: 10 }, (_, i) => `USER_${i}`);

  /** Each of ten users asks for ten calls; `order` gives which is served when. */
  function steadyLoad(order: (asked: number[]) => number[], absences = false): RuleOutcome {
    const asked: ClientCall[] = Array.from({ length: 100 }, (_, i) =>
      aClientCall(`t${i}`, { account: `USER_${i % 10}`, askedMs: i }),
    );
    const calls = order(asked.map((_, i) => i)).map((i, turn): JournalRecord =>
      aCall(turn + 1, { tag: `t${i}`, account: `USER_${i % 10}`, key: `key-${i % 10}` }),
    );
    return outcomeOf(noStarvation, calls, { accounts: USERS, clientCalls: asked, absences });
  }

  test('first in, first out is fair', () => {
    expect(steadyLoad((asked) => asked)).toMatchObject({
      status: 'held',
      explanation: '10 accounts made progress; no call overtaken by more than 0',
    });
  });

  test('so is a lane that reorders no more than one call of each account', () => {
    const pairsSwapped = (asked: number[]): number[] => asked.map((i) => i ^ 1);
    expect(steadyLoad(pairsSwapped).status).toBe('held');
  });

  test('last in, first out is not', () => {
    expect(steadyLoad((asked) => asked.toReversed())).toMatchObject({
      status: 'violated',
      violations: 89,
      first: [100],
      explanation:
        "USER_0's Balance (#100) was overtaken by 99 calls asked for after it; at most 10 are fair here.",
    });
  });

  test('where processes are stopped or cut off, nobody can say how many may go before them', () => {
    expect(steadyLoad((asked) => asked.toReversed(), true)).toMatchObject({
      status: 'held',
      explanation:
        '10 accounts made progress; who was stopped or cut off rightly lost his place, so waits were not judged',
    });
  });

  test('a call that never arrived and never settled waited until the end', () => {
    const waiting = aClientCall('first', { outcome: 'unsettled', settledMs: null });
    const others = Array.from({ length: 20 }, (_, i) => aClientCall(`t${i}`, { askedMs: i + 1 }));
    const calls = others.map(({ tag }, i) => aCall(i + 1, { tag }));
    expect(outcomeOf(noStarvation, calls, { clientCalls: [waiting, ...others] })).toMatchObject({
      status: 'violated',
      first: [],
      explanation:
        "MASTER's Balance (tag first, which never arrived) was overtaken by 20 calls asked for after it; at most 4 are fair here.",
    });
    const gaveUp = { ...waiting, outcome: 'failed' } as const;
    expect(outcomeOf(noStarvation, calls, { clientCalls: [gaveUp, ...others] }).status).toBe('held');
  });

  test('with a lane for each key, other keys may go ahead', () => {
    const asked = Array.from({ length: 20 }, (_, i) =>
      aClientCall(`t${i}`, { account: i === 0 ? 'MASTER' : 'USER_1' }),
    );
    const calls = asked
      .toReversed()
      .map(({ tag, account }, i) => aCall(i + 1, { tag, account, key: account }));
    const users = [...calls.slice(0, -1).toReversed(), ...calls.slice(-1)].map((call, i) => ({
      ...aCall(i + 1),
      tag: call.tag,
      account: call.account,
    }));
    expect(outcomeOf(noStarvation, users, { scope: 'key', clientCalls: asked }).status).toBe('held');
    expect(outcomeOf(noStarvation, users, { scope: 'global', clientCalls: asked }).status).toBe('violated');
  });

  test('without the client it sees progress only, and says so', () => {
    expect(outcomeOf(noStarvation, [aCall(1)])).toMatchObject({
      status: 'held',
      explanation: '1 account made progress; waits are not visible from outside',
    });
    expect(outcomeOf(noStarvation, [aCall(1)], { accounts: BOTH }).status).toBe('inconclusive');
  });
});
