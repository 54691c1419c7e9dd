import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { nonceGlobalOrder } from './nonce-global-order.ts';
import { nonceIncreasing } from './nonce-increasing.ts';
import { nonceReused } from './nonce-reused.ts';
import type { Rule } from './rule.ts';

/** Calls of MASTER with these nonces, one after the other. */
function withNonces(...nonces: readonly (string | null)[]): readonly JournalRecord[] {
  return nonces.map((nonce, n) => aCall(n + 1, { nonce }));
}

describe.each<[string, Rule]>([
  ['nonce-increasing', nonceIncreasing],
  ['nonce-global-order', nonceGlobalOrder],
])('%s', (_id, rule) => {
  test('compares with the highest, which one that was lower does not bring down', () => {
    expect(outcomeOf(rule, withNonces('9', '7', '8'))).toMatchObject({ violations: 2, first: [2, 1] });
  });

  test('compares with the latest of those that rose', () => {
    expect(outcomeOf(rule, withNonces('5', '9', '7'))).toMatchObject({ violations: 1, first: [3, 2] });
    expect(outcomeOf(rule, withNonces('5', '6', '7')).status).toBe('held');
  });

  test('the same nonce again is not greater', () => {
    expect(outcomeOf(rule, withNonces('5', '5')).status).toBe('violated');
  });

  test('leaves out calls without a key and those whose nonce cannot be read', () => {
    const keyless = (seq: number, nonce: string): JournalRecord =>
      aCall(seq, { account: null, key: null, nonce });
    const calls = [keyless(1, '99'), ...withNonces('5', '1e3', null, '6'), keyless(6, '1'), keyless(7, '1')];
    expect(outcomeOf(rule, calls)).toMatchObject({ status: 'held', violations: 0 });
    expect(outcomeOf(rule, calls).explanation).toMatch(/^2 calls /);
    expect(outcomeOf(rule, [keyless(1, '9'), keyless(2, '8')]).status).toBe('not-applicable');
    expect(outcomeOf(rule, withNonces('9', 'x', null)).status).toBe('not-applicable');
  });

  test('says when the body was later than the head that the nonces crossed with the bodies', () => {
    const first = aCall(1, { nonce: '9', arrivedNs: 0, departedNs: 9e6, committedNs: 2e6 });
    const second = aCall(2, { nonce: '8', arrivedNs: 1e6, departedNs: 9e6, committedNs: 5e6 });
    const words = "its body arrived 3.0 ms after that of MASTER's Balance with nonce 9";
    expect(outcomeOf(rule, [first, second]).explanation).toContain(words);
    const atOnce = aCall(2, { nonce: '8', arrivedNs: 4e6, departedNs: 9e6 });
    expect(outcomeOf(rule, [first, atOnce]).explanation).toContain(
      "its body arrived 2.0 ms after that of MASTER's Balance",
    );
    const firstAtOnce = aCall(1, { nonce: '9', arrivedNs: 0, departedNs: 9e6 });
    expect(outcomeOf(rule, [firstAtOnce, second]).explanation).toContain('its body arrived 5.0 ms after');
    expect(outcomeOf(rule, [firstAtOnce, atOnce]).explanation).toContain(' arrived 4.0 ms after MASTER');
  });
});

describe('two keys', () => {
  const of = (calls: string): readonly JournalRecord[] =>
    calls.split(' ').map((call, n) => (call[0] === 'M' ? aCall : aUserCall)(n + 1, { nonce: call.slice(1) }));

  test.each([
    ['M5 U9 M6 U10', 'held', 'violated'],
    ['M5 U6 M7 U8', 'held', 'held'],
    ['M5 U9 M4 U10', 'violated', 'violated'],
    ['M5 U9 M10 U8', 'violated', 'violated'],
    ['M5 U6', 'not-applicable', 'held'],
    ['M6 U5', 'not-applicable', 'violated'],
    ['M5', 'not-applicable', 'not-applicable'],
  ])('%s', (calls, perKey, acrossKeys) => {
    expect(outcomeOf(nonceIncreasing, of(calls)).status).toBe(perKey);
    expect(outcomeOf(nonceGlobalOrder, of(calls)).status).toBe(acrossKeys);
    expect(outcomeOf(nonceGlobalOrder, of(calls), { scope: 'key' }).status).toBe('not-applicable');
  });

  test('each violation of either key counts, and the first is told', () => {
    const calls = of('M5 U5 U4 M4 U3');
    expect(outcomeOf(nonceIncreasing, calls)).toMatchObject({ violations: 3, first: [3, 2] });
    expect(outcomeOf(nonceReused, of('M5 U5 U5 M5 M5 U6'))).toMatchObject({ violations: 3, first: [3, 2] });
  });

  test('what held says over how many calls and keys', () => {
    expect(outcomeOf(nonceIncreasing, of('M5 U6 M7')).explanation).toBe('3 calls on 2 keys');
    expect(outcomeOf(nonceGlobalOrder, of('M5 U6 M7')).explanation).toBe('3 calls in one rising order');
    expect(outcomeOf(nonceReused, of('M5 U5 M6'))).toMatchObject({
      status: 'held',
      explanation: '3 nonces on 2 keys, all different',
    });
  });
});

describe('nonce-reused', () => {
  test('has nothing to say of nonces that cannot be read, of calls without a key, and of one call a key', () => {
    const keyless = { account: null, key: null, nonce: '5' };
    expect(outcomeOf(nonceReused, [aCall(1, keyless), aCall(2, keyless)]).status).toBe('not-applicable');
    expect(outcomeOf(nonceReused, withNonces('5', 'x', 'x')).status).toBe('not-applicable');
    expect(outcomeOf(nonceReused, [aCall(1), aUserCall(2)]).status).toBe('not-applicable');
  });

  test('finds one sent again out of order, too', () => {
    expect(outcomeOf(nonceReused, withNonces('9', '5', '5'))).toMatchObject({ violations: 1, first: [3, 2] });
    expect(outcomeOf(nonceReused, withNonces('5', '9', '5'))).toMatchObject({ violations: 1, first: [3, 1] });
    expect(outcomeOf(nonceReused, withNonces('5', '9', '7')).status).toBe('held');
  });
});
