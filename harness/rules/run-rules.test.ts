import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { ClientCall } from '../history/client-call.ts';
import { exercised } from './exercised.ts';
import { aCall, aClientCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { noStarvation } from './no-starvation.ts';
import type { RuleOutcome } from './rule.ts';

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
      explanation: "The fault plan's busy never fired.",
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
