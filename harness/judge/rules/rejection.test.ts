import { expect, test } from 'vitest';
import { aCall } from './history.test-support.ts';
import { rejectionOf } from './rejection.ts';

test.each([
  ['accepted', null, null, null],
  ['accepted', null, 'WGeneral:Warning', null],
  ['faulted', null, 'EAPI:Invalid nonce', null],
  ['faulted', 'busy', 'EService:Busy', null],
  ['rejected', 'busy', 'EAPI:Invalid nonce', null],
  ['rejected', null, 'EAPI:Invalid nonce', 'call'],
  ['rejected', null, 'EOrder:Insufficient funds', 'content'],
  ['rejected', null, null, 'call'],
] as const)(
  'a call that was %s, with fault %s and error %s, was rejected for: %s',
  (outcome, fault, error, column) => {
    expect(rejectionOf(aCall(1, { outcome, fault, error }))).toBe(column);
  },
);
