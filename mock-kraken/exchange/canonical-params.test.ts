import { expect, test } from 'vitest';
import { canonicalParams } from './canonical-params.ts';

test.each([
  ['060000.00', '60000'],
  ['.50', '0.5'],
  ['5.', '5'],
  ['-0.0', '0'],
  ['-007.10', '-7.1'],
  ['1e-2', '0.01'],
  ['1.5E3', '1500'],
  ['+5', '+5'],
  ['.', '.'],
  ['e5', 'e5'],
  ['5%', '5%'],
  ['1e999', '1e999'],
])('%s reads as %s', (written, canonical) => {
  expect(canonicalParams({ price: written })).toEqual([['price', canonical]]);
});

/** Of a pattern that can match zeros in several ways, these would take longer than any test may. */
test.each([
  ['zeros before a point and after it', `${'0'.repeat(3_000)}.${'0'.repeat(3_000)}x`],
  ['zeros and something else', `${'0'.repeat(60_000)}x`],
  ['zeros and a last digit', `1.${'0'.repeat(60_000)}1`],
])('%s are read at once', (_name, written) => {
  expect(canonicalParams({ volume: written })).toEqual([['volume', written]]);
});
