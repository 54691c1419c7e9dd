import { expect, test } from 'vitest';
import { timeOfNonce } from './nonce-time.ts';

const SECONDS = 1_795_353_736;

test.each([
  ['1795353736', 1, 'seconds'],
  ['17953537361', 10, 'units of 10^-1 s'],
  ['1795353736000', 1e3, 'milliseconds'],
  ['1795353736000000', 1e6, 'microseconds'],
  ['17953537360000000', 1e7, 'units of 100 ns'],
  ['1795353736000000000', 1e9, 'nanoseconds'],
])('%s has %d units a second', (nonce, perSecond, unit) => {
  expect(timeOfNonce(nonce)).toMatchObject({ perSecond, unit });
  expect(timeOfNonce(nonce)?.seconds).toBeCloseTo(SECONDS, -1);
});

test('a counter is no time', () => {
  expect(timeOfNonce('999999999')).toBeNull();
  expect(timeOfNonce('1000000000')).toMatchObject({ seconds: 1e9 });
});

test('twenty digits are nanoseconds of a far future', () => {
  expect(timeOfNonce('17953537360000000000')).toMatchObject({ unit: 'nanoseconds', seconds: 17_953_537_360 });
});

test("eighteen digits are .NET's ticks between 1997 and 2101, and tens of nanoseconds outside", () => {
  const ticks = 'units of 100 ns since the year 1';
  expect(timeOfNonce('639309505360000000')).toEqual({ seconds: SECONDS, perSecond: 1e7, unit: ticks });
  expect(timeOfNonce('630000000000000000')).toMatchObject({ unit: ticks });
  expect(timeOfNonce('663000000000000000')).toMatchObject({ unit: ticks });
  expect(timeOfNonce('629999999999999000')).toMatchObject({ unit: 'units of 10^-8 s', perSecond: 1e8 });
  expect(timeOfNonce('663000000000001000')).toMatchObject({ unit: 'units of 10^-8 s' });
});
