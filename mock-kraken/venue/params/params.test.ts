import { describe, expect, test } from 'vitest';
import { decimal, flag, integer, list, text, word } from './params.ts';
import { short } from '../catalog/index.ts';
import { Refusal } from '../errors/index.ts';

/** The Kraken errors that reading ends with. */
function refusalOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return error.errors;
    throw error;
  }
  return [];
}

describe('parameters', () => {
  test.each([
    ['true', true],
    ['True', true],
    ['1', true],
    ['yes', true],
    [true, true],
    ['False', true],
    ['false', false],
    ['0', false],
    ['', false],
    [false, false],
    [null, false],
    [undefined, false],
  ])('a yes or no written %j reads as %s: the False of Python is a trap', (value, expected) => {
    expect(flag({ validate: value }, 'validate')).toBe(expected);
  });

  test('a number of JSON reads as its digits', () => {
    expect(text({ volume: 1.25 }, 'volume')).toBe('1.25');
    expect(short(decimal({ volume: 0.1 }, 'volume') ?? (undefined as never))).toBe('0.1');
  });

  test('what is inherited is absent', () => {
    expect(text({}, 'constructor')).toBeUndefined();
    expect(
      text(JSON.parse('{"__proto__":{"pair":"XBTUSD"}}') as object as Record<string, unknown>, 'pair'),
    ).toBeUndefined();
  });

  test.each([[{}], [[]], [{ a: 1 }]])('nested values are refused: %j', (value) => {
    expect(refusalOf(() => text({ pair: value }, 'pair'))).toEqual(['EGeneral:Invalid arguments:pair']);
  });

  test('text beyond the limit is refused', () => {
    expect(refusalOf(() => text({ txid: 'x'.repeat(2001) }, 'txid'))).toEqual([
      'EGeneral:Invalid arguments:txid',
    ]);
  });

  test('a small float of Python is no decimal', () => {
    expect(refusalOf(() => decimal({ volume: '1e-05' }, 'volume'))).toEqual([
      'EGeneral:Invalid arguments:volume',
    ]);
    expect(refusalOf(() => decimal({ volume: 0.0000001 }, 'volume'))).toEqual([
      'EGeneral:Invalid arguments:volume',
    ]);
  });

  test('whole numbers are whole', () => {
    expect(integer({ userref: '-7' }, 'userref')).toBe(-7);
    expect(refusalOf(() => integer({ userref: '1.5' }, 'userref'))).toEqual([
      'EGeneral:Invalid arguments:userref',
    ]);
    expect(refusalOf(() => integer({ userref: 1e21 }, 'userref'))).toEqual([
      'EGeneral:Invalid arguments:userref',
    ]);
  });

  test('lists come with commas or as arrays, up to their length', () => {
    expect(list({ txid: 'A, B,,C' }, 'txid', 3)).toEqual(['A', 'B', 'C']);
    expect(list({ txid: ['A', 7, {}, null] }, 'txid', 3)).toEqual(['A', '7']);
    expect(refusalOf(() => list({ txid: 'A,B' }, 'txid', 1))).toEqual(['EGeneral:Invalid arguments:txid']);
  });

  test('one of a few words', () => {
    const choice = { among: ['GTC', 'IOC'], fallback: 'GTC' } as const;
    expect(word({}, 'timeinforce', choice)).toBe('GTC');
    expect(word({ timeinforce: 'IOC' }, 'timeinforce', choice)).toBe('IOC');
    expect(refusalOf(() => word({ timeinforce: 'ioc' }, 'timeinforce', choice))).toEqual([
      'EGeneral:Invalid arguments:timeinforce',
    ]);
  });
});
