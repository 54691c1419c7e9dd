import { expect, test } from 'vitest';
import { count, formatDuration } from './words.ts';

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [1_000, '1.0 µs'],
  [310_400, '310 µs'],
  [999_999, '1.0 ms'],
  [2_100_000, '2.1 ms'],
  [9_960_000, '10 ms'],
  [999_499_999, '999 ms'],
  [12_000_000_000, '12 s'],
  [8_100_000_000_000, '8,100 s'],
])('%d ns read %j', (ns, words) => {
  expect(formatDuration(ns)).toBe(words);
});

test('a count agrees with its noun', () => {
  expect([count(1, 'call'), count(1_204, 'call'), count(2, 'success', 'successes')]).toEqual([
    '1 call',
    '1,204 calls',
    '2 successes',
  ]);
});
