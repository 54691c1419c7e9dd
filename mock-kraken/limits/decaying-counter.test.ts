import { expect, test } from 'vitest';
import { DecayingCounter } from './decaying-counter.ts';

test('a counter sinks by so much a second, and never below zero', () => {
  const counter = new DecayingCounter(0.5);
  expect(counter.add(4, 1_000)).toBe(4);
  expect([counter.at(1_000), counter.at(2_000), counter.at(5_000), counter.at(99_000)]).toEqual([
    4, 3.5, 2, 0,
  ]);
  expect(counter.add(1, 99_000)).toBe(1);
});

test('a moment in the past counts as the last one', () => {
  const counter = new DecayingCounter(1);
  counter.add(5, 10_000);
  expect([counter.at(4_000), counter.at(10_000), counter.add(1, 9_000), counter.at(11_000)]).toEqual([
    5, 5, 6, 5,
  ]);
});
