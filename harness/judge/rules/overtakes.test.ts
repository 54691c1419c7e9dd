import { expect, test } from 'vitest';
import { countOvertakes } from './overtakes.ts';

const SERVICE_NS = 10;

/** Stays of calls that are served in this order; the numbers are the order of asking. */
function served(order: readonly number[]): ReturnType<typeof countOvertakes> {
  const stays = order
    .map((asked, turn) => ({ asked, arrivedNs: turn * SERVICE_NS, departedNs: (turn + 1) * SERVICE_NS }))
    .sort((a, b) => a.asked - b.asked);
  return countOvertakes(stays);
}

test('first in, first out overtakes nobody', () => {
  expect([...served([0, 1, 2, 3, 4])]).toEqual([0, 0, 0, 0, 0]);
});

test('last in, first out overtakes the oldest by all the others', () => {
  expect([...served([4, 3, 2, 1, 0])]).toEqual([4, 3, 2, 1, 0]);
});

test('a call that is still in service overtakes nobody', () => {
  const stays = [
    { arrivedNs: 5, departedNs: 9 },
    { arrivedNs: 0, departedNs: 6 },
    { arrivedNs: 0, departedNs: 5 },
    { arrivedNs: 0, departedNs: Infinity },
  ];
  expect([...countOvertakes(stays)]).toEqual([1, 0, 0, 0]);
});

test('a call that never came was overtaken by all later ones that were answered', () => {
  const never = { arrivedNs: Infinity, departedNs: Infinity };
  const stays = [never, { arrivedNs: 0, departedNs: 1 }, never, { arrivedNs: 2, departedNs: 3 }];
  expect([...countOvertakes(stays)]).toEqual([2, 0, 1, 0]);
});
