import { describe, expect, test } from 'vitest';
import { aCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { nonceExact } from './nonce-exact.ts';
import { nonceGlobalOrder } from './nonce-global-order.ts';
import { nonceIncreasing } from './nonce-increasing.ts';
import { nonceReused } from './nonce-reused.ts';

describe('nonce-increasing', () => {
  test('names both calls and both nonces', () => {
    const calls = [aCall(1, { nonce: '70' }), aCall(2, { nonce: '69', method: 'AddOrder' })];
    expect(outcomeOf(nonceIncreasing, calls)).toEqual({
      status: 'violated',
      violations: 1,
      first: [2, 1],
      explanation:
        "MASTER's AddOrder carried nonce 69 and arrived 10 ms after MASTER's Balance with nonce 70, which is not lower (#2, #1).",
    });
  });

  test('compares with all that arrived, also with what the exchange rejected', () => {
    const rejected = aCall(1, { nonce: '9', outcome: 'rejected', error: 'EAPI:Invalid signature' });
    expect(outcomeOf(nonceIncreasing, [rejected, aCall(2, { nonce: '8' })]).status).toBe('violated');
  });

  test('does not compare one key with another', () => {
    const calls = [aCall(1, { nonce: '9' }), aUserCall(2, { nonce: '1' }), aUserCall(3, { nonce: '2' })];
    expect(outcomeOf(nonceIncreasing, calls)).toMatchObject({
      status: 'held',
      explanation: '3 calls on 2 keys',
    });
  });

  test('says nothing when no key was used twice', () => {
    expect(outcomeOf(nonceIncreasing, [aCall(1), aUserCall(2)]).status).toBe('not-applicable');
  });
});

describe('nonce-global-order', () => {
  const crossed = [aCall(1, { nonce: '9' }), aUserCall(2, { nonce: '9' })];

  test('compares across keys, and equal is not greater', () => {
    expect(outcomeOf(nonceGlobalOrder, crossed)).toMatchObject({ status: 'violated', first: [2, 1] });
  });

  test('does not apply when each key has its lane', () => {
    expect(outcomeOf(nonceGlobalOrder, crossed, { scope: 'key' }).status).toBe('not-applicable');
  });
});

describe('nonce-reused', () => {
  test('finds a repetition however long ago, and says where it was first', () => {
    const calls = [1, 2, 3, 4].map((seq) => aCall(seq));
    const again = aCall(5, { nonce: `0${calls[0]?.nonce}`, method: 'AddOrder' });
    expect(outcomeOf(nonceReused, [...calls, again])).toMatchObject({
      status: 'violated',
      first: [5, 1],
      explanation: `MASTER's AddOrder carried nonce ${again.nonce}, which the same key had sent before (#5, #1).`,
    });
  });

  test('lets two keys send the same nonce', () => {
    const calls = [aCall(1, { nonce: '5' }), aUserCall(2, { nonce: '5' }), aCall(3, { nonce: '6' })];
    expect(outcomeOf(nonceReused, calls).status).toBe('held');
  });

  test('is inconclusive when a nonce comes whose like are forgotten', () => {
    const calls = Array.from({ length: 300_000 }, (_, i) => aCall(i + 1, { nonce: String(1_000_000 + i) }));
    expect(outcomeOf(nonceReused, calls).status).toBe('held');
    expect(outcomeOf(nonceReused, [...calls, aCall(300_001, { nonce: '7' })]).status).toBe('inconclusive');
    expect(outcomeOf(nonceReused, [...calls, aCall(300_001, { nonce: '1299999' })]).status).toBe('violated');
  });
});

describe('nonce-exact', () => {
  test('shows what was sent instead of a nonce', () => {
    const long = aCall(1, { nonce: `1.7953537e+18${'0'.repeat(99)}` });
    const { status, first, explanation } = outcomeOf(nonceExact, [long, aCall(2, { nonce: '-1' })]);
    expect({ status, first }).toEqual({ status: 'violated', first: [1] });
    expect(explanation).toMatch(
      /^MASTER's Balance \(#1\) carried "1\.7953537e\+18000.*…" as its nonce, which is not/,
    );
  });

  test('a missing nonce is one, unless a fault or the end of the history cut the call short', () => {
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: null })]).status).toBe('violated');
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: null, fault: 'reset' }), aCall(2)]).status).toBe('held');
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: null, departedNs: null }), aCall(2)]).status).toBe(
      'held',
    );
  });

  test('finds the one account whose nonces went through a double', () => {
    const calls = Array.from({ length: 200 }, (_, i) => {
      const exact = aCall(2 * i + 1);
      const lossy = aUserCall(2 * i + 2);
      return [exact, { ...lossy, nonce: String(Number(lossy.nonce)) }];
    }).flat();
    const { status, violations, first, explanation } = outcomeOf(nonceExact, calls);
    expect({ status, violations, first }).toEqual({ status: 'violated', violations: 200, first: [2] });
    expect(explanation).toContain(
      'Each of the 200 nonces of USER_1 above 2^53 is exactly what a double prints',
    );
  });

  test('finds it over all accounts together when each makes one call', () => {
    const calls = Array.from({ length: 60 }, (_, i) =>
      aCall(i + 1, { account: `USER_${i}`, key: `key-${i}` }),
    );
    const lossy = calls.map((call) => ({ ...call, nonce: String(BigInt(Number(call.nonce))) }));
    expect(outcomeOf(nonceExact, calls).status).toBe('held');
    expect(outcomeOf(nonceExact, lossy).explanation).toContain('60 nonces of all accounts together');
  });
});
