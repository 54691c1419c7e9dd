import { describe, expect, test } from 'vitest';
import { catalogWith } from './catalog.ts';
import { decimalsOf, money, short } from './money.ts';
import type { NewPair } from './new-pair.ts';
import { priceOf } from '../market/index.ts';
import { Driver } from '../testing/driver.ts';
import { VenueError } from '../errors/index.ts';

const { pairs } = catalogWith();

test("Kraken's hundred most traded pairs are there, each under names of its own", () => {
  expect(pairs.length).toBeGreaterThanOrEqual(100);
  for (const name of ['id', 'altname', 'wsname'] as const) {
    expect(new Set(pairs.map((pair) => pair[name])).size).toBe(pairs.length);
  }
  const quotes = new Set(pairs.map(({ quote }) => quote.altname));
  expect(['USD', 'EUR', 'GBP', 'USDT', 'USDC'].filter((quote) => !quotes.has(quote))).toEqual([]);
});

test('a table that was widened tells the price of a pair by the place that it had', () => {
  const first = pairs.slice(0, 11).map(({ altname }) => altname);
  expect(first.join()).toBe('XBTUSD,XBTEUR,ETHUSD,ETHEUR,ETHXBT,LTCUSD,XRPUSD,XDGUSD,SOLUSD,ADAUSD,USDTUSD');
});

test.each([
  ['XXBTZUSD', ['XBTUSD', 'XBT/USD', 'BTCUSD', 'BTC/USD']],
  ['XDGUSD', ['XDG/USD', 'DOGEUSD', 'DOGE/USD']],
  ['XETHXXBT', ['ETHXBT', 'ETH/XBT', 'ETHBTC', 'ETH/BTC']],
  ['XBTUSDT', ['XBT/USDT', 'BTCUSDT', 'BTC/USDT']],
  ['XXLMZUSD', ['XLMUSD', 'XLM/USD']],
  ['PEPEUSD', ['PEPE/USD']],
])('%s is found by every name that Kraken takes', (id, names) => {
  const { findPair } = { findPair: (name: string) => catalogWith().findPair(name)?.id };
  expect([id, ...names].map(findPair)).toEqual([id, ...names].map(() => id));
});

describe('the numbers of each pair agree with one another:', () => {
  test.each(pairs.map((pair) => [pair.id, pair] as const))('%s', (_id, pair) => {
    const price = priceOf(pair, pair.anchorTicks);
    expect(Number.isSafeInteger(pair.anchorTicks) && pair.anchorTicks > 100).toBe(true);
    expect(decimalsOf(pair.tickSize)).toBeLessThanOrEqual(pair.priceDecimals);
    expect(decimalsOf(pair.orderMin)).toBeLessThanOrEqual(pair.lotDecimals);
    expect(decimalsOf(pair.levelVolume)).toBeLessThanOrEqual(pair.lotDecimals);
    // Cost is kept exactly: more digits than money has would be lost.
    expect(pair.priceDecimals + pair.lotDecimals).toBeLessThanOrEqual(20);
    expect(pair.costMin.gt(price.times(pair.orderMin).times(money('20')))).toBe(false);
    expect(pair.levelVolume.gt(pair.orderMin)).toBe(true);
  });
});

describe('every pair can be traded, and no money is lost in its decimals:', () => {
  test.each(pairs.map((pair) => [pair.id, pair] as const))('%s', (id, pair) => {
    const driver = new Driver();
    const { account } = driver;
    const room = '1000000000';
    driver.venue.setBalance(account, pair.quote.id, room, driver.atMs);
    driver.venue.setBalance(account, pair.base.id, room, driver.atMs);
    const volume = short(pair.orderMin.times(money('21')).round(pair.lotDecimals, 3));
    for (const type of ['buy', 'sell']) {
      expect(driver.error('AddOrder', { pair: id, type, ordertype: 'market', volume })).toBeUndefined();
    }
    for (const asset of [pair.base.id, pair.quote.id]) {
      const { accounts, house, fees, putIn } = driver.venue.totals(asset);
      expect(short(money(accounts).plus(money(house)).plus(money(fees)))).toBe(putIn);
    }
  });
});

test('AssetPairs shows leverage as Kraken offers it', () => {
  const { XXBTZUSD, USDTZUSD } = new Driver().public<Record<string, { leverage_buy: number[] }>>(
    'AssetPairs',
  );
  expect(XXBTZUSD?.leverage_buy).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(USDTZUSD?.leverage_buy).toEqual([]);
});

describe("a scenario's own pairs", () => {
  const foo: NewPair = { wsname: 'FOO/USD', price: '0.0123', lotDecimals: 2, orderMin: '5' };

  test('are traded beside the others, and change nothing about them', () => {
    const driver = new Driver({ pairs: [foo] });
    driver.venue.setBalance(driver.account, 'FOO', '100', driver.atMs);
    expect(driver.public('AssetPairs', { pair: 'FOOUSD' })).toMatchObject({
      FOOUSD: {
        base: 'FOO',
        quote: 'ZUSD',
        pair_decimals: 4,
        lot_decimals: 2,
        ordermin: '5',
        tick_size: '0.0001',
      },
    });
    expect(driver.refused({ pair: 'FOO/USD', price: '0.0123', volume: '1' })).toBe(
      'EOrder:Order minimum not met',
    );
    expect(
      driver.error('AddOrder', { pair: 'FOOUSD', type: 'sell', ordertype: 'market', volume: '5' }),
    ).toBeUndefined();
    expect(driver.venue.totals('FOO')).toMatchObject({ accounts: '95', house: '5' });
    expect(driver.public('Ticker', { pair: 'XBTUSD' })).toEqual(
      new Driver().public('Ticker', { pair: 'XBTUSD' }),
    );
    expect(catalogWith().findPair('FOOUSD')).toBeUndefined();
  });

  test.each<[string, NewPair]>([
    ['a name that is taken', { ...foo, wsname: 'XBT/USD' }],
    ['a name of another form', { ...foo, wsname: 'foo' }],
    ['no price', { ...foo, price: '0' }],
    ['a price with an exponent', { ...foo, price: '1e-5' }],
    ['a price between two ticks', { ...foo, tickSize: '0.01' }],
    ['too many decimals', { ...foo, lotDecimals: 40 }],
  ])('with %s are refused', (_what, pair) => {
    expect(() => catalogWith([pair])).toThrow(VenueError);
  });

  test('may not name one pair twice', () => {
    expect(() => catalogWith([foo, foo])).toThrow('there is a pair of that name');
  });
});
