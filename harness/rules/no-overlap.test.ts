import { expect, test } from 'vitest';
import { aCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { noOverlap } from './no-overlap.ts';

const MS = 1_000_000;

test('says which two calls, how they lay, and for how long they overlapped', () => {
  const balance = aCall(117, { arrivedNs: 0, departedNs: 5 * MS, nonce: '1' });
  const order = aUserCall(118, { method: 'AddOrder', arrivedNs: 2.1 * MS, departedNs: 9 * MS, nonce: '2' });
  expect(outcomeOf(noOverlap, [balance, order])).toEqual({
    status: 'violated',
    violations: 1,
    first: [118, 117],
    explanation:
      "USER_1's AddOrder (nonce 2) arrived 2.1 ms after MASTER's Balance (nonce 1) and 2.9 ms before that was answered (#118, #117).",
  });
});

test('a call that was never answered stays in service for ever', () => {
  const calls = [aCall(1, { departedNs: null }), aCall(2), aCall(3)];
  const { violations, explanation } = outcomeOf(noOverlap, calls);
  expect(violations).toBe(2);
  expect(explanation).toContain('and that one was never answered (#2, #1).');
});

test('one that arrives as the one before departs does not overlap it', () => {
  const calls = [aCall(1, { arrivedNs: 0, departedNs: 5 }), aCall(2, { arrivedNs: 5, departedNs: 5 })];
  expect(outcomeOf(noOverlap, calls).status).toBe('held');
});

test('a long call is still found behind a short one', () => {
  const calls = [
    aCall(1, { arrivedNs: 0, departedNs: 100 }),
    aCall(2, { arrivedNs: 1, departedNs: 2 }),
    aCall(3, { arrivedNs: 50, departedNs: 60 }),
  ];
  expect(outcomeOf(noOverlap, calls)).toMatchObject({ violations: 2, first: [2, 1] });
});

test('with a lane for each key only calls of one key can overlap', () => {
  const parallel = [aCall(1, { arrivedNs: 0, departedNs: 9 }), aUserCall(2, { arrivedNs: 1, departedNs: 9 })];
  const later = [aCall(3, { arrivedNs: 9, departedNs: 10 })];
  expect(outcomeOf(noOverlap, [...parallel, ...later], { scope: 'key' }).status).toBe('held');
  expect(outcomeOf(noOverlap, [...parallel, ...later], { scope: 'global' }).status).toBe('violated');
});
