import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { JournalMatchers } from './journal-matchers.ts';
import './index.ts';

/** A call that took a millisecond and of which nothing is to be said. */
function call(seq: number, facts: Partial<JournalRecord> = {}): JournalRecord {
  return {
    seq,
    account: 'MASTER',
    key: 'k-1',
    method: 'AddOrder',
    nonce: `179535373617000000${seq}`,
    arrivedNs: seq * 5e6,
    departedNs: seq * 5e6 + 1e6,
    outcome: 'accepted',
    error: null,
    violations: [],
    fault: null,
    effect: { kind: 'order', ids: [`O-${seq}`] },
    tag: `t-${seq}`,
    clientRef: null,
    ...facts,
  };
}

const GOOD = [call(1), call(2), call(3)];

/** For each matcher, a journal that breaks its rule, and what the message must say. */
const BAD: readonly [name: keyof JournalMatchers, journal: readonly JournalRecord[], says: string][] = [
  [
    'toHaveIncreasingNonces',
    [call(1, { nonce: '9' }), call(2, { nonce: '8' })],
    "MASTER's AddOrder carried nonce 8 and arrived 5.0 ms after MASTER's AddOrder with nonce 9",
  ],
  [
    'toHaveGloballyIncreasingNonces',
    [call(1, { nonce: '9' }), call(2, { nonce: '8', key: 'k-2', account: 'USER_1' })],
    "USER_1's AddOrder carried nonce 8",
  ],
  [
    'toHaveNoReusedNonces',
    [call(1, { nonce: '9' }), call(2, { nonce: '9' })],
    'carried nonce 9, which the same key had sent before (#2, #1)',
  ],
  ['toHaveExactNonces', [call(1), call(2, { nonce: '1.5e18' })], '1.5e18'],
  [
    'toHaveNoOverlap',
    [call(1, { departedNs: 11e6 }), call(2)],
    "MASTER's AddOrder (nonce 1795353736170000002) arrived 5.0 ms after MASTER's AddOrder",
  ],
  [
    'toHaveNoRejections',
    [call(1), call(2, { outcome: 'rejected', error: 'EAPI:Invalid nonce' })],
    'was rejected: EAPI:Invalid nonce',
  ],
  ['toHaveEffectsOnce', [call(1, { tag: 't' }), call(2, { tag: 't' })], '(#2'],
];

/** What the matcher says when it fails; `null` when it passes. */
function complaint(journal: unknown, name: keyof JournalMatchers, not = false): string | null {
  try {
    const expectation = expect(journal);
    (not ? expectation.not : expectation)[name]();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe.each(BAD)('%s', (name, bad, says) => {
  test('fails on a journal that breaks its rule, in words that name the calls', () => {
    expect(complaint(bad, name)).toContain('Expected to hold, but was broken');
    expect(complaint(bad, name)).toContain(says);
    expect(complaint(bad, name, true)).toBeNull();
  });

  test('passes on a journal that keeps it, and its .not says over what it held', () => {
    expect(complaint(GOOD, name)).toBeNull();
    expect(complaint(GOOD, name, true)).toContain('Expected to be broken, but held');
  });

  test.each([
    ['an empty journal', []],
    ['a journal that let go of its first calls', [call(4), call(5)]],
    ['a journal with a call missing', [call(1), call(3)]],
    ['a journal with a call in service', [call(1), call(2), call(3, { departedNs: null, effect: null })]],
    ['a journal in another order', [call(2), call(1), call(3)]],
  ])('fails on %s, and so does its .not', (_what, journal) => {
    const expected = 'Expected evidence, but the journal has none';
    expect(complaint(journal, name)).toContain(expected);
    expect(complaint(journal, name, true)).toContain(expected);
  });

  test('fails on what is no journal, and so does its .not', () => {
    for (const received of [undefined, 'journal', [1], { journal: GOOD }]) {
      expect(complaint(received, name)).toContain('Expected a journal');
      expect(complaint(received, name, true)).toContain('Expected a journal');
    }
  });
});

test('a violation stands, whatever else is missing', () => {
  expect([call(7, { nonce: '9' }), call(9, { nonce: '8' })]).not.toHaveIncreasingNonces();
});

test('two keys may overlap when each has a lane of its own', () => {
  const journal = [
    call(1, { departedNs: 30e6 }),
    call(2, { key: 'k-2', account: 'USER_1' }),
    call(3, { key: 'k-2', account: 'USER_1' }),
  ];
  expect(journal).toHaveNoOverlap({ scope: 'key' });
  expect(journal).not.toHaveNoOverlap();
});

test('one call shows nothing of an order or an overlap', () => {
  expect(complaint([call(1)], 'toHaveNoOverlap')).toContain('no two calls that could have overlapped');
  expect(complaint([call(1)], 'toHaveIncreasingNonces', true)).toContain('two nonces that could be compared');
});
