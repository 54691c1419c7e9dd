import { describe, expect, test } from 'vitest';
import { decimalsOf, fixed, money, parseMoney, short } from './money.ts';

describe('money', () => {
  test('adds tenths exactly', () => {
    expect(short(money('0.1').plus('0.2'))).toBe('0.3');
  });

  test('refuses JavaScript numbers, which may be wrong already', () => {
    expect(() => money('1').plus(0.1)).toThrow('Invalid value');
  });

  test('keeps twenty digits on either side of the point through a product', () => {
    expect(short(money('99999999999999999999').times('0.00000000000000000001'))).toBe(
      '0.99999999999999999999',
    );
  });

  test.each(['0', '1', '1.', '.5', '-1.25', '00012', '0.00000000000000000001'])('reads %s', (text) => {
    expect(parseMoney(text)).not.toBeNull();
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '1e-05',
    '1E5',
    '0x10',
    'NaN',
    'Infinity',
    '1,5',
    '--1',
    '.',
    '1'.repeat(21),
  ])('does not read %j', (text) => {
    expect(parseMoney(text)).toBeNull();
  });

  test('shows a fixed number of decimals, without an exponent', () => {
    expect(fixed(money('0.00000001'), 8)).toBe('0.00000001');
    expect(fixed(money('171288.6158'), 4)).toBe('171288.6158');
    expect(fixed(money('5'), 0)).toBe('5');
  });

  test.each([
    ['0', 0],
    ['10', 0],
    ['1.5', 1],
    ['0.00050', 4],
    ['100.01', 2],
  ])('%s has %i decimals', (text, decimals) => {
    expect(decimalsOf(money(text))).toBe(decimals);
  });
});
