import { expect, it } from 'vitest';
import { aCall } from '../judge/rules/history.test-support.ts';
import { stillnessAt } from './stillness.ts';

const MS = 1e6;
const HISTORY = [
  aCall(1, { arrivedNs: 10 * MS, departedNs: 20 * MS }),
  // Overlaps the first and outlasts the third.
  aCall(2, { arrivedNs: 15 * MS, departedNs: 60 * MS }),
  aCall(3, { arrivedNs: 30 * MS, departedNs: 40 * MS }),
  aCall(4, { arrivedNs: 90 * MS, departedNs: 95 * MS }),
];

it.each([
  [5, undefined],
  [17, { lastMs: 0, longestBeforeMs: 0 }],
  [50, { lastMs: 0, longestBeforeMs: 0 }],
  [85, { lastMs: 25, longestBeforeMs: 0 }],
  [92, { lastMs: 0, longestBeforeMs: 30 }],
  [295, { lastMs: 200, longestBeforeMs: 30 }],
])('measures at %d ms how long nothing had been in service: %j', (atMs, expected) => {
  expect(stillnessAt(HISTORY, atMs * MS)).toEqual(expected);
});

it('takes a call that was never answered as in service for ever', () => {
  const history = [...HISTORY, aCall(5, { arrivedNs: 100 * MS, departedNs: null })];
  expect(stillnessAt(history, 1_000 * MS)).toEqual({ lastMs: 0, longestBeforeMs: 30 });
});
