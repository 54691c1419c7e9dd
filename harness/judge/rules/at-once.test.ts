import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { allSettle } from './all-settle.ts';
import { effectOnce } from './effect-once.ts';
import { exercised } from './exercised.ts';
import { aCall, anOrder, aUserCall, brokenAtOnce } from './history.test-support.ts';
import { noOverlap } from './no-overlap.ts';
import { noStarvation } from './no-starvation.ts';
import { nonceExact } from './nonce-exact.ts';
import { nonceGlobalOrder } from './nonce-global-order.ts';
import { nonceIncreasing } from './nonce-increasing.ts';
import { nonceReused } from './nonce-reused.ts';
import type { Rule } from './rule.ts';

// The judge compares what the exchange noted of a call with what a rule says of it at once.

const NO_KEY = { account: null, key: null } as const;

const NONCES: readonly JournalRecord[] = [
  aCall(1, { nonce: '10' }),
  aUserCall(2, { nonce: '5' }),
  aCall(3, { nonce: '11' }),
  aCall(4, { nonce: '10' }),
  aUserCall(5, { nonce: '7' }),
  aCall(6, { nonce: 'x' }),
  aCall(7, { nonce: '3', ...NO_KEY }),
  aCall(8, { nonce: '10', duplicateOf: 1 }),
  aCall(9, { nonce: '12', nonceParsed: '13' }),
  aCall(10, { nonce: null, fault: 'reset' }),
  aUserCall(11, { nonce: null, duplicateOf: 6 }),
];

test.each<[string, Rule, readonly number[], readonly number[]]>([
  ['nonce-increasing', nonceIncreasing, [4], [4]],
  ['nonce-global-order', nonceGlobalOrder, [2, 4, 5], []],
  ['nonce-reused', nonceReused, [4], [4]],
  ['nonce-exact', nonceExact, [6, 9], [6, 9]],
])('%s', (_id, rule, global, key) => {
  expect(brokenAtOnce(rule, NONCES, { scope: 'global' })).toEqual(global);
  expect(brokenAtOnce(rule, NONCES, { scope: 'key' })).toEqual(key);
});

test('no-overlap', () => {
  const at = (begin: number, end: number): Partial<JournalRecord> => ({ arrivedNs: begin, departedNs: end });
  const calls = [
    aCall(1, at(0, 10)),
    aUserCall(2, at(5, 20)),
    aCall(3, at(10, 30)),
    aCall(4, { ...at(12, 13), duplicateOf: 1 }),
    aCall(5, at(30, 40)),
    aCall(6, { ...NO_KEY, ...at(40, 50) }),
    aCall(7, { ...NO_KEY, ...at(41, 50) }),
  ];
  expect(brokenAtOnce(noOverlap, calls, { scope: 'global' })).toEqual([2, 3, 7]);
  expect(brokenAtOnce(noOverlap, calls, { scope: 'key' })).toEqual([7]);
});

test('those that know at the end only never say so', () => {
  const calls = [
    anOrder(1, { tag: 'a', departedNs: null }),
    aCall(2, { tag: 'a', outcome: 'rejected', error: 'EAPI:Invalid key' }),
    aCall(3, { duplicateOf: 1, fault: 'busy' }),
    aCall(4, NO_KEY),
  ];
  for (const rule of [allSettle, exercised, noStarvation]) expect(brokenAtOnce(rule, calls)).toEqual([]);
  const again = { ...anOrder(5, { tag: 'a' }), duplicateOf: 1 };
  expect(brokenAtOnce(effectOnce, [...calls, again])).toEqual([]);
});
