import { describe, expect, test } from 'vitest';
import { catalogWith } from '../catalog/index.ts';
import { Market, priceOf, ticksOf } from './market.ts';
import { money, short, zero } from '../catalog/index.ts';
import type { Pair } from '../catalog/index.ts';
import { startMs } from '../testing/driver.ts';

const { pairs } = catalogWith();

const xbtusd = catalogWith().findPair('XBTUSD') as Pair;
const hourMs = 3_600_000;
const moments = Array.from({ length: 500 }, (_, index) => startMs + index * hourMs);

describe('the seeded price', () => {
  test('does not depend on who looked before, and when', () => {
    const forwards = new Market(42);
    const backwards = new Market(42);
    const there = moments.map((atMs) => forwards.lastTicks(xbtusd, atMs));
    const back = moments.toReversed().map((atMs) => backwards.lastTicks(xbtusd, atMs));
    expect(there).toEqual(back.toReversed());
  });

  test.each(pairs.map((pair) => [pair.id, pair] as const))(
    'of %s moves, and stays within 5 % of its anchor',
    (_, pair) => {
      const market = new Market(42);
      const prices = moments.map((atMs) => market.lastTicks(pair, atMs));
      expect(new Set(prices).size).toBeGreaterThan(Math.min(100, pair.anchorTicks / 50));
      expect(Math.max(...prices)).toBeLessThan(pair.anchorTicks * 1.05);
      expect(Math.min(...prices)).toBeGreaterThan(pair.anchorTicks * 0.95);
    },
  );

  test('is another one for another seed', () => {
    expect(new Market(1).lastTicks(xbtusd, startMs)).not.toBe(new Market(2).lastTicks(xbtusd, startMs));
  });

  test('stands still within a second', () => {
    const market = new Market(42);
    expect(market.lastTicks(xbtusd, startMs)).toBe(market.lastTicks(xbtusd, startMs + 999));
  });

  test('works at the beginning of time', () => {
    expect(new Market(42).lastTicks(xbtusd, 0)).toBeGreaterThan(0);
  });
});

describe('a pinned price', () => {
  test('holds from its moment on and leaves the past alone', () => {
    const market = new Market(42);
    const before = market.lastTicks(xbtusd, startMs - 1);
    market.pin(xbtusd, 500_000, startMs);
    expect(market.lastTicks(xbtusd, startMs + hourMs)).toBe(500_000);
    expect(market.lastTicks(xbtusd, startMs - 1)).toBe(before);
  });

  test('ends when it is released', () => {
    const market = new Market(42);
    market.pin(xbtusd, 500_000, startMs);
    market.unpin(xbtusd);
    expect(market.lastTicks(xbtusd, startMs)).toBe(new Market(42).lastTicks(xbtusd, startMs));
  });
});

describe('the book of the house', () => {
  test('quotes one tick apart, away from the price on both sides, something at every level', () => {
    const market = new Market(42);
    market.pin(xbtusd, 500_000, 0);
    const asks = [...market.levelsAgainst(xbtusd, 'buy', startMs, 3)];
    const bids = [...market.levelsAgainst(xbtusd, 'sell', startMs, 3)];
    expect(asks.map(({ priceTicks }) => priceTicks)).toEqual([500_001, 500_002, 500_003]);
    expect(bids.map(({ priceTicks }) => priceTicks)).toEqual([500_000, 499_999, 499_998]);
    for (const { volume } of [...asks, ...bids]) expect(volume.gt(zero)).toBe(true);
  });

  test('has no bids below one tick', () => {
    const market = new Market(42);
    market.pin(xbtusd, 2, 0);
    expect([...market.levelsAgainst(xbtusd, 'sell', startMs)]).toHaveLength(2);
  });
});

test('prices and ticks turn into one another exactly', () => {
  expect(short(priceOf(xbtusd, 600_003))).toBe('60000.3');
  expect(ticksOf(xbtusd, money('60000.3'))).toBe(600_003);
  expect(ticksOf(xbtusd, money('60000.35'))).toBeNull();
});
