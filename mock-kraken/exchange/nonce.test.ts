import { expect, test } from 'vitest';
import { parseNonce } from './nonce.ts';

test.each([
  ['0', 0n],
  ['1616492376594', 1616492376594n],
  ['1795353736170000001', 1795353736170000001n],
  ['18446744073709551615', 2n ** 64n - 1n],
  ['00000000000000000007', 7n],
])('%s is read exactly', (text, nonce) => {
  expect(parseNonce(text)).toBe(nonce);
});

const REFUSED = [
  '18446744073709551616',
  '99999999999999999999',
  '000000000000000000007',
  '',
  ' 1',
  '1 ',
  '1\n',
];
const STRANGE = ['-1', '+1', '1.0', '1e3', '0x10', '1_000', '１２３', '١٢٣', 'NaN', 'null', '1n'];

test.each([...REFUSED, ...STRANGE])('%j is no nonce', (text) => {
  expect(parseNonce(text)).toBeNull();
});
