import { expect, test } from 'vitest';
import { allAccepted } from './all-accepted.ts';
import { aCall, aUserCall, brokenAtOnce, outcomeOf } from './history.test-support.ts';

const FAULTED = { outcome: 'faulted', fault: 'busy' } as const;
const REFUSED = { outcome: 'rejected', error: 'EOrder:Insufficient funds' } as const;
const REJECTED = { outcome: 'rejected', error: 'EAPI:Invalid key' } as const;

test('what held says of how many calls, and what became of the others', () => {
  expect(outcomeOf(allAccepted, [aCall(1), aUserCall(2)]).explanation).toBe(
    '2 calls accepted, none rejected',
  );
  expect(outcomeOf(allAccepted, [aCall(1), aCall(2, FAULTED), aCall(3, FAULTED)]).explanation).toBe(
    '1 call accepted, none rejected, 2 others hit by a fault',
  );
  expect(outcomeOf(allAccepted, [aCall(1), aCall(2, REFUSED), aCall(3, FAULTED)]).explanation).toBe(
    '1 call accepted, none rejected for the way it was called, 1 refused for what they asked for, 1 other hit by a fault',
  );
});

test('a call that is still in service has not been accepted', () => {
  const open = aCall(1, { departedNs: null });
  expect(outcomeOf(allAccepted, [open])).toMatchObject({
    status: 'inconclusive',
    explanation: 'The exchange accepted no call at all.',
  });
  expect(outcomeOf(allAccepted, [open, aCall(2)]).explanation).toBe('1 call accepted, none rejected');
});

test('nothing at all is no evidence, strictly or not', () => {
  expect(outcomeOf(allAccepted, []).status).toBe('inconclusive');
  expect(outcomeOf(allAccepted, [], { strict: true }).status).toBe('inconclusive');
});

test('says at once which calls were rejected, and of what they ask for strictly only', () => {
  const calls = [aCall(1), aCall(2, FAULTED), aCall(3, REFUSED), aCall(4, REJECTED), aCall(5, REJECTED)];
  expect(brokenAtOnce(allAccepted, calls)).toEqual([4, 5]);
  expect(brokenAtOnce(allAccepted, calls, { strict: true })).toEqual([3, 4, 5]);
  expect(outcomeOf(allAccepted, calls)).toMatchObject({ violations: 2, first: [4] });
  expect(outcomeOf(allAccepted, calls, { strict: true })).toMatchObject({ violations: 3, first: [3] });
});

test('the first violation is told with all that it broke, or with the error that was not recorded', () => {
  const both = aCall(1, { ...REJECTED, violations: ['nonce-reused', 'no-overlap'], nonce: '7' });
  expect(outcomeOf(allAccepted, [both]).explanation).toBe(
    "MASTER's Balance (#1) with nonce 7 was rejected: EAPI:Invalid key; it broke nonce-reused and no-overlap.",
  );
  expect(outcomeOf(allAccepted, [aCall(1, { ...REJECTED, error: null, nonce: '7' })]).explanation).toBe(
    "MASTER's Balance (#1) with nonce 7 was rejected: an error that was not recorded.",
  );
});
