import { describe, expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { PrecisionWitness } from './precision-loss.ts';
import type { PrecisionLoss } from './precision-loss.ts';

const NOW_MS = 1_795_353_736_170n;

/** Draws `count` rising times, in nanoseconds since 1970, some microseconds to milliseconds apart. */
function times(count: number, seed: number): readonly bigint[] {
  const random = createRandom(seed);
  let ns = NOW_MS * 1_000_000n + BigInt(Math.floor(random() * 1e9));
  return Array.from({ length: count }, () => (ns += BigInt(1 + Math.floor(random() * 5e6))));
}

function lossOf(nonces: readonly (bigint | string)[]): PrecisionLoss | null {
  const witness = new PrecisionWitness();
  for (const nonce of nonces) witness.add(String(nonce));
  return witness.loss();
}

/** Ways to make nonces from a nanosecond clock that lose nothing. */
const EXACT: Readonly<Record<string, (ns: bigint, i: number) => bigint>> = {
  nanoseconds: (ns) => ns,
  'a clock of 100 ns, in nanoseconds (Windows)': (ns) => (ns / 100n) * 100n,
  'microseconds * 10^3': (ns) => (ns / 1_000n) * 1_000n,
  'microseconds * 10^3 + counter': (ns, i) => (ns / 1_000n) * 1_000n + BigInt(i % 7),
  'milliseconds * 10^6': (ns) => (ns / 1_000_000n) * 1_000_000n,
  'milliseconds * 10^6 + counter': (ns, i) => (ns / 1_000_000n) * 1_000_000n + BigInt(i),
  'milliseconds * 10^6 of a 10 ms clock': (ns) => (ns / 10_000_000n) * 10_000_000n,
  'milliseconds * 10^6 of a 100 ms clock': (ns) => (ns / 100_000_000n) * 100_000_000n,
  'milliseconds * 10^6 of a clock that ticks 64 times a second': (ns) =>
    ((((ns * 64n) / 1_000_000_000n) * 1_000n) / 64n) * 1_000_000n,
  'nanoseconds of a clock that ticks 64 times a second': (ns) => ((ns * 64n) / 1_000_000_000n) * 15_625_000n,
  'seconds * 10^9': (ns, i) => (ns / 1_000_000_000n + BigInt(i)) * 1_000_000_000n,
  '.NET ticks since year 1': (ns) => ns / 100n + 621_355_968_000_000_000n,
  '.NET ticks of a microsecond clock': (ns) => (ns / 1_000n) * 10n + 621_355_968_000_000_000n,
  'hundredths of a microsecond (10^8 a second)': (ns) => ns / 10n,
  '100 ns since 1970': (ns) => ns / 100n,
  microseconds: (ns) => ns / 1_000n,
  'milliseconds << 20': (ns) => (ns / 1_000_000n) << 20n,
  'a snowflake (milliseconds << 22)': (ns) => (ns / 1_000_000n - 1_288_834_974_657n) << 22n,
  'a counter with a stride of 1,024 from a multiple of 1,024': (_, i) => (NOW_MS << 20n) + BigInt(i) * 1_024n,
  'a counter with a stride of 1,000': (_, i) => NOW_MS * 1_000_000n + BigInt(i) * 1_000n,
  'a counter above 2^53': (_, i) => 2n ** 53n + BigInt(i),
};

describe('nonces that lost nothing raise no alarm:', () => {
  for (const [name, nonceOf] of Object.entries(EXACT)) {
    test(name, () => {
      const alarms = Array.from({ length: 200 }, (_, seed) => lossOf(times(5 + seed * 3, seed).map(nonceOf)));
      expect(alarms.filter((loss) => loss !== null)).toEqual([]);
    });
  }
});

describe('nonces that went through a double are found out:', () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  test('as JavaScript prints a Number, from 60 nanosecond nonces on', () => {
    const losses = seeds.map((seed) => lossOf(times(60, seed).map((ns) => String(Number(ns)))));
    expect(new Set(losses)).toEqual(new Set(['shortest']));
  });

  test('as the exact value of a double, from 20 nanosecond nonces on', () => {
    const losses = seeds.map((seed) => lossOf(times(20, seed).map((ns) => BigInt(Number(ns)))));
    expect(new Set(losses)).toEqual(new Set(['step']));
  });

  test('.NET ticks, from 200 on', () => {
    const ticks = seeds.map((seed) => times(200, seed).map((ns) => ns / 100n + 621_355_968_000_000_000n));
    expect(new Set(ticks.map((run) => lossOf(run.map((n) => BigInt(Number(n))))))).toEqual(new Set(['step']));
    expect(new Set(ticks.map((run) => lossOf(run.map((n) => String(Number(n))))))).toEqual(
      new Set(['shortest']),
    );
  });

  test('milliseconds that were scaled in a double and printed exactly', () => {
    const losses = seeds.map((seed) =>
      lossOf(times(60, seed).map((ns) => BigInt(Number(ns / 1_000_000n) * 1e6))),
    );
    expect(new Set(losses)).toEqual(new Set(['step']));
  });
});

test('a clock of 100 ns often looks printed by chance in a short run, and is not taken for it', () => {
  const runs = Array.from({ length: 5_000 }, (_, seed) => times(8, seed).map((ns) => (ns / 100n) * 100n));
  const looksPrinted = runs.filter((run) => run.every((nonce) => String(Number(nonce)) === String(nonce)));
  expect(looksPrinted.length).toBeGreaterThan(0);
  expect(looksPrinted.map(lossOf).filter((loss) => loss !== null)).toEqual([]);
});

test('a handful of nonces is no evidence, whatever they look like', () => {
  const few = times(6, 1).map((ns) => BigInt(Number(ns)));
  expect(lossOf(few)).toBeNull();
});

test('one nonce that no double holds acquits all others', () => {
  const lossy = times(100, 1).map((ns) => BigInt(Number(ns)));
  const odd = (lossy.at(-1) ?? 0n) + 1_000_001n;
  expect(lossOf(lossy)).toBe('step');
  expect(lossOf([...lossy, odd])).toBeNull();
});

test('nonces at the edges of the range are looked at without error', () => {
  expect(
    lossOf(['18446744073709551615', '18446744073709551614', '9007199254740992', '9007199254740993', '0']),
  ).toBeNull();
});
