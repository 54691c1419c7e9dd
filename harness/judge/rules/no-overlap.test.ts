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

test('nothing can be said where no lane had two calls', () => {
  const notApplicable = 'not-applicable';
  expect(outcomeOf(noOverlap, []).status).toBe(notApplicable);
  expect(outcomeOf(noOverlap, [aCall(1)])).toMatchObject({
    status: notApplicable,
    explanation: 'There were no two calls that could have overlapped.',
  });
  expect(outcomeOf(noOverlap, [aCall(1), aUserCall(2)]).status).toBe('held');
  expect(outcomeOf(noOverlap, [aCall(1), aUserCall(2)], { scope: 'key' })).toMatchObject({
    status: notApplicable,
    explanation: 'No lane had two calls that could have overlapped.',
  });
  const delivered = [aCall(1), aCall(2, { duplicateOf: 1 })];
  expect(outcomeOf(noOverlap, delivered).status).toBe(notApplicable);
  expect(outcomeOf(noOverlap, delivered, { scope: 'key' }).status).toBe(notApplicable);
});

test('what held says over how many calls and lanes', () => {
  const calls = [aCall(1), aUserCall(2), aCall(3), aCall(4, { key: null, account: null })];
  expect(outcomeOf(noOverlap, calls).explanation).toBe('at most 1 call in service, 4 calls');
  expect(outcomeOf(noOverlap, calls, { scope: 'key' }).explanation).toBe(
    'at most 1 call in service on each of 3 lanes, 4 calls',
  );
});

test('each lane is watched by itself: an overlap on one key is found among the calls of others', () => {
  const calls = [
    aCall(1, { arrivedNs: 0, departedNs: 9 }),
    aUserCall(2, { arrivedNs: 1, departedNs: 2 }),
    aCall(3, { arrivedNs: 5, departedNs: 20 }),
    aUserCall(4, { arrivedNs: 6, departedNs: 8 }),
    aCall(5, { arrivedNs: 19, departedNs: null }),
    aCall(6, { arrivedNs: 90, departedNs: 91 }),
  ];
  expect(outcomeOf(noOverlap, calls, { scope: 'key' })).toMatchObject({ violations: 3, first: [3, 1] });
  expect(outcomeOf(noOverlap, calls, { scope: 'global' })).toMatchObject({ violations: 5, first: [2, 1] });
});

test('calls without a key share a lane of their own', () => {
  const keyless = { account: null, key: null };
  const calls = [
    aCall(1, { ...keyless, arrivedNs: 0, departedNs: 9 }),
    aCall(2, { arrivedNs: 1, departedNs: 9 }),
    aCall(3, { ...keyless, arrivedNs: 2, departedNs: 9 }),
  ];
  expect(outcomeOf(noOverlap, calls, { scope: 'key' })).toMatchObject({ violations: 1, first: [3, 1] });
});

test('of two calls that depart at one moment, the later is named', () => {
  const calls = [
    aCall(1, { arrivedNs: 0, departedNs: 9 }),
    aCall(2, { arrivedNs: 9, departedNs: 9 }),
    aCall(3, { arrivedNs: 9, departedNs: 20 }),
  ];
  expect(outcomeOf(noOverlap, calls).status).toBe('held');
  const overlapping = [
    aCall(1, { arrivedNs: 0, departedNs: 9 }),
    aCall(2, { arrivedNs: 9, departedNs: 19 }),
    aCall(3, { arrivedNs: 10, departedNs: 19 }),
    aCall(4, { arrivedNs: 18, departedNs: 20 }),
  ];
  expect(outcomeOf(noOverlap, overlapping.slice(1)).first).toEqual([3, 2]);
  expect(outcomeOf(noOverlap, overlapping)).toMatchObject({ violations: 2, first: [3, 2] });
});
