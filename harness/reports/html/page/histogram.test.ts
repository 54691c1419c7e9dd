import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf, ratesOf } from './histogram.ts';

const sum = (values: readonly number[]): number => values.reduce((total, n) => total + n, 0);

describe('histogramOf', () => {
  it('counts every known value once, in rising buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 1e10 }), { minLength: 1 }), (values) => {
        const known = values.filter((value) => value >= 0).length;
        const histogram = histogramOf(values);
        expect(sum(histogram?.counts ?? [])).toBe(known);
        const edges = histogram?.edges ?? [];
        expect([...edges].sort((a, b) => a - b)).toEqual(edges);
      }),
      { seed: 6 },
    );
  });

  it('has nothing to show when nothing is known', () => {
    expect(histogramOf([-1, -1])).toBeNull();
  });
});

describe('ratesOf', () => {
  it('accounts for every call', () => {
    const times = Float64Array.from({ length: 1_000 }, (_, i) => i * 1e6);
    const { perSecond } = ratesOf(times, 1e9);
    expect(sum(perSecond) / perSecond.length).toBeCloseTo(1_000);
  });
});
