import { expect, test } from 'vitest';
import { SeenNonces } from './seen-nonces.ts';

const PLENTY = 1_000;

test('a nonce that comes again is answered with the call that brought it', () => {
  const seen = new SeenNonces();
  expect(['5', '9', '7', '12'].map((nonce, i) => seen.add(nonce, i + 1, PLENTY))).toEqual([
    'no',
    'no',
    'no',
    'no',
  ]);
  expect(['5', '9', '7', '12', '6'].map((nonce, i) => seen.add(nonce, i + 5, PLENTY))).toEqual([
    1,
    2,
    3,
    4,
    'no',
  ]);
});

test('a nonce below those that were dropped is forgotten, never new', () => {
  const seen = new SeenNonces();
  for (let n = 10; n <= 19; n += 1) seen.add(String(n), n, 4);
  expect(seen.add('19', 20, 4)).toBe(19);
  expect(seen.add('10', 21, 4)).toBe('forgotten');
  expect(seen.add('3', 22, 4)).toBe('forgotten');
});

test('once a nonce out of order was dropped, none that is not found counts as new', () => {
  const seen = new SeenNonces();
  seen.add('100', 1, 2);
  for (const [i, nonce] of ['10', '20', '30'].entries()) seen.add(nonce, i + 2, 2);
  expect(seen.add('30', 5, 2)).toBe(4);
  expect(seen.add('40', 6, 2)).toBe('forgotten');
});

test('nonces that rise are new however many were dropped', () => {
  const seen = new SeenNonces();
  for (let n = 10; n <= 99; n += 1) expect(seen.add(String(n), n, 4)).toBe('no');
});

test('the lower half is dropped, and what lies above it is known to be new', () => {
  const filled = (): SeenNonces => {
    const seen = new SeenNonces();
    for (const n of [10, 20, 30, 40, 50]) seen.add(String(n), n, 4);
    return seen;
  };
  expect(['10', '15', '20'].map((nonce) => filled().add(nonce, 60, 4))).toEqual([
    'forgotten',
    'forgotten',
    'forgotten',
  ]);
  expect(['21', '25', '30', '35', '45', '50'].map((nonce) => filled().add(nonce, 60, 4))).toEqual([
    'no',
    'no',
    30,
    'no',
    'no',
    50,
  ]);
});

test('of those out of order as many are kept, and the first call of each is named', () => {
  const seen = new SeenNonces();
  const answers = ['100', '10', '20', '15', '10', '20', '20', '100', '100'].map((nonce, n) =>
    seen.add(nonce, n + 1, 3),
  );
  expect(answers).toEqual(['no', 'no', 'no', 'no', 2, 3, 3, 1, 1]);
  expect([seen.add('30', 20, 3), seen.add('10', 21, 3), seen.add('101', 22, 3)]).toEqual([
    'no',
    'forgotten',
    'no',
  ]);
});
