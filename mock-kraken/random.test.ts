import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

function draws(seed: number, stream: string): number[] {
  const random = createRandom(seed, stream);
  return Array.from({ length: 1000 }, random);
}

test('the same seed and stream give the same numbers for ever', () => {
  expect(draws(42, 'jitter')).toEqual(draws(42, 'jitter'));
  expect(draws(42, 'jitter').slice(0, 2)).toMatchInlineSnapshot(`
    [
      0.8328585133422166,
      0.3738746759481728,
    ]
  `);
});

test('another seed or another stream gives other numbers', () => {
  expect(draws(42, 'jitter')).not.toEqual(draws(43, 'jitter'));
  expect(draws(42, 'jitter')).not.toEqual(draws(42, 'service'));
});

test('the numbers spread evenly over [0, 1)', () => {
  const numbers = draws(7, 'spread');
  const counts = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length,
  );
  expect(Math.min(...counts)).toBeGreaterThan(70);
  expect(Math.max(...counts)).toBeLessThan(130);
});
