import { describe, expect, test } from 'vitest';
import { PrecisionWitness } from './precision-loss.ts';

const BASE = 1_795_353_736_170_000_000n;

function witnessOf(nonces: readonly (bigint | string)[]): PrecisionWitness {
  const witness = new PrecisionWitness();
  for (const nonce of nonces) witness.add(String(nonce));
  return witness;
}

/** So many exact values of doubles: odd and even multiples of 256. */
function steps(count: number): readonly bigint[] {
  return Array.from({ length: count }, (_, n) => (BASE / 512n) * 512n + BigInt(n + 1) * 256n);
}

/** So many nonces as JavaScript prints a Number; the first ends in exactly two zeros. */
function printed(count: number): readonly string[] {
  const all = Array.from({ length: count * 40 }, (_, n) => String(Number(BASE + BigInt(n) * 1_000_003n)));
  const withTwo = all.findIndex((nonce) => /[1-9]00$/.test(nonce));
  return [...new Set(all.slice(withTwo))].slice(0, count);
}

describe('the exact value of a double', () => {
  test('is told from seven nanosecond nonces on', () => {
    expect(witnessOf(steps(6)).loss()).toBeNull();
    expect(witnessOf(steps(7)).loss()).toBe('step');
  });

  test('needs odd and even multiples', () => {
    const even = steps(200).filter((nonce) => nonce % 512n === 0n);
    const odd = steps(200).filter((nonce) => nonce % 512n !== 0n);
    expect([even.length, witnessOf(even).loss(), witnessOf(odd).loss()]).toEqual([100, null, null]);
    expect(witnessOf([...even, (even.at(-1) ?? 0n) + 256n]).loss()).toBe('step');
  });

  test('is no sign where all end in a zero', () => {
    const scaled = steps(1_000).filter((nonce) => nonce % 10n === 0n);
    expect(scaled.length).toBeGreaterThan(100);
    expect(witnessOf(scaled).loss()).toBeNull();
    expect(witnessOf(steps(1_000)).loss()).toBe('step');
  });

  test('is acquitted by one that is none, first or last', () => {
    const others = steps(20);
    expect(witnessOf([BASE - 1n, ...others]).loss()).toBeNull();
    expect(witnessOf([...others, BASE + 1_000_001n]).loss()).toBeNull();
    expect(witnessOf([...others, BASE + 1_000_001n, ...steps(9_000).slice(8_000)]).loss()).toBeNull();
  });
});

describe('what a double prints', () => {
  test('is told from 37 nanosecond nonces on', () => {
    expect(witnessOf(printed(36)).loss()).toBeNull();
    expect(witnessOf(printed(37)).loss()).toBe('shortest');
  });

  test('is no sign where all end in three zeros', () => {
    const coarse = Array.from({ length: 500 }, (_, n) => BASE + BigInt(n) * 1_000n);
    expect(witnessOf(coarse).loss()).toBeNull();
  });

  test('is acquitted by one that is printed otherwise', () => {
    const others = printed(100);
    expect(witnessOf([...others, BigInt(others.at(-1) ?? 0) + 1n]).loss()).toBeNull();
  });
});

describe('evidence', () => {
  test('are nonces above 2^53 that rise above all before', () => {
    expect(witnessOf([]).count).toBe(0);
    expect(witnessOf(['5', '9007199254740992']).count).toBe(0);
    expect(witnessOf(['9007199254740993']).count).toBe(1);
    const [first = 0n, second = 0n, third = 0n] = steps(3);
    expect(witnessOf([first, third, second, third, '7']).count).toBe(2);
    expect(witnessOf([...steps(6), ...steps(6)]).loss()).toBeNull();
  });

  test('is gathered from 4,096 nonces, and no longer', () => {
    const many = steps(4_096);
    const witness = witnessOf([...many, BASE * 2n + 1n]);
    expect([witness.count, witness.loss()]).toEqual([4_096, 'step']);
    expect(witnessOf([...many.slice(1), BASE * 2n + 1n]).loss()).toBeNull();
  });

  test.each([
    ['nothing', '7', 1],
    ['a counter above 2^53', '9007199254740994', 2],
    ['2^54', '18014398509481984', 4],
    ['one below 2^54', '18014398509481982', 2],
    [".NET's ticks", '639309505361700000', 128],
    ['nanoseconds', '1795353736170000000', 256],
    ['the greatest nonce', '18446744073709551615', 2_048],
    ['2^63', '9223372036854775808', 2_048],
    ['below 2^63', '9223372036854774784', 1_024],
  ])('says how far apart doubles are: %s', (_what, nonce, step) => {
    expect(witnessOf([nonce]).step).toBe(step);
  });
});
