import { expect, test } from 'vitest';
import { isGreaterNonce, readNonce } from './nonce-text.ts';

test('a nonce is 1 to 20 decimal digits below 2^64', () => {
  expect(readNonce('0')).toBe('0');
  expect(readNonce('1795353736170000000')).toBe('1795353736170000000');
  expect(readNonce('18446744073709551615')).toBe('18446744073709551615');
  expect(readNonce('18446744073709551616')).toBeNull();
  expect(readNonce('99999999999999999999')).toBeNull();
});

test('leading zeros are dropped, and still count as digits', () => {
  expect(readNonce('00000000000000000042')).toBe('42');
  expect(readNonce('0000')).toBe('0');
  expect(readNonce('000000000000000000042')).toBeNull();
});

test.each([null, '', ' 1', '1 ', '+1', '-1', '1.0', '1e3', '0x1f', '1_000', '１２', '1\n', 'NaN'])(
  '%j is none',
  (text) => {
    expect(readNonce(text)).toBeNull();
  },
);

test('nonces are compared by value, whatever their length', () => {
  expect(isGreaterNonce('10', '9')).toBe(true);
  expect(isGreaterNonce('9', '10')).toBe(false);
  expect(isGreaterNonce('9', '9')).toBe(false);
  expect(isGreaterNonce('18446744073709551615', '18446744073709551614')).toBe(true);
});
