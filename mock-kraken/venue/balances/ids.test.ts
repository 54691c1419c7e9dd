import { expect, test } from 'vitest';
import { Ids } from './ids.ts';

test('ids look like those of Kraken', () => {
  const ids = new Ids(42);
  for (const kind of ['O', 'T', 'L'] as const) {
    expect(ids.next(kind)).toMatch(new RegExp(`^${kind}[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$`));
  }
});

test('the last group alone tells 50,000 ids of a kind apart', () => {
  const ids = new Ids(7);
  const tails = Array.from({ length: 50_000 }, () => ids.next('O').slice(-6));
  expect(new Set(tails).size).toBe(tails.length);
});

test('the same seed gives the same ids, another seed others', () => {
  expect(new Ids(1).next('O')).toBe(new Ids(1).next('O'));
  expect(new Ids(1).next('O')).not.toBe(new Ids(2).next('O'));
});
