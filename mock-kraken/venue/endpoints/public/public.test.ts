import { describe, expect, test } from 'vitest';
import { catalogWith } from '../../catalog/index.ts';
import { Driver, startMs } from '../../testing/driver.ts';

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Row = readonly [string, string, number];

const startS = startMs / 1000;

test('Time and SystemStatus', () => {
  const driver = new Driver();
  expect(driver.public('Time')).toEqual({ unixtime: startS, rfc1123: 'Sun, 22 Nov 2026 12:55:36 GMT' });
  expect(driver.public('SystemStatus')).toEqual({ status: 'online', timestamp: '2026-11-22T12:55:36Z' });
});

test('Assets shows all, or those asked for, by any name', () => {
  const driver = new Driver();
  expect(Object.keys(driver.public<Rows>('Assets'))).toEqual(driver.venue.assetIds());
  expect(driver.public('Assets', { asset: 'XBT,ZUSD' })).toEqual({
    XXBT: { aclass: 'currency', altname: 'XBT', decimals: 10, display_decimals: 5, status: 'enabled' },
    ZUSD: { aclass: 'currency', altname: 'USD', decimals: 4, display_decimals: 2, status: 'enabled' },
  });
});

describe('AssetPairs', () => {
  test('describes a pair as Kraken does', () => {
    const { XXBTZUSD } = new Driver().public<Rows>('AssetPairs', { pair: 'XBT/USD' });
    expect(XXBTZUSD).toMatchObject({
      altname: 'XBTUSD',
      wsname: 'XBT/USD',
      base: 'XXBT',
      quote: 'ZUSD',
      pair_decimals: 1,
      lot_decimals: 8,
      ordermin: '0.00005',
      costmin: '0.5',
      tick_size: '0.1',
      status: 'online',
      fees: [[0, 0.4]],
      fees_maker: [[0, 0.25]],
    });
  });

  test('knows at least six pairs, and shows one side of them when asked', () => {
    const driver = new Driver();
    expect(Object.keys(driver.public<Rows>('AssetPairs')).length).toBeGreaterThanOrEqual(6);
    expect(driver.public('AssetPairs', { pair: 'XBTUSD', info: 'fees' })).toEqual({
      XXBTZUSD: { fees: [[0, 0.4]], fees_maker: [[0, 0.25]], fee_volume_currency: 'ZUSD' },
    });
  });
});

test('Depth shows asks upwards and bids downwards, one tick apart', () => {
  const { XXBTZUSD } = new Driver().public<Record<string, Record<'asks' | 'bids', Row[]>>>('Depth', {
    pair: 'XBTUSD',
    count: 2,
  });
  const prices = (rows: readonly Row[] | undefined): readonly string[] =>
    (rows ?? []).map(([price]) => price);
  expect(prices(XXBTZUSD?.asks)).toEqual(['50000.1', '50000.2']);
  expect(prices(XXBTZUSD?.bids)).toEqual(['50000.0', '49999.9']);
});

test('Ticker agrees with Depth and with the price', () => {
  const driver = new Driver();
  const { XXBTZUSD } = driver.public<Rows>('Ticker', { pair: 'XBTUSD' });
  expect(XXBTZUSD).toMatchObject({
    a: ['50000.1', expect.any(String), expect.any(String)],
    b: ['50000.0', expect.any(String), expect.any(String)],
    c: ['50000.0', expect.any(String)],
  });
  expect(Object.keys(driver.public<Rows>('Ticker'))).toEqual(catalogWith().pairs.map(({ id }) => id));
});

describe('OHLC', () => {
  type Candle = readonly [number, string, string, string, string, string, string, number];
  const candles = (params: object): readonly Candle[] =>
    new Driver().public<Record<string, readonly Candle[]>>('OHLC', params)['XETHZUSD'] ?? [];

  test('shows up to 720 candles that end with the one under way', () => {
    const shown = candles({ pair: 'ETHUSD', interval: 60 });
    expect(shown).toHaveLength(720);
    expect(shown.at(-1)?.[0]).toBe(Math.floor(startS / 3600) * 3600);
    for (const [, open, high, low, close, vwap] of shown) {
      const prices = [open, close, vwap].map(Number);
      expect(Math.max(...prices)).toBeLessThanOrEqual(Number(high));
      expect(Math.min(...prices)).toBeGreaterThanOrEqual(Number(low));
    }
  });

  test('starts with the candle of `since`', () => {
    expect(candles({ pair: 'ETHUSD', since: startS - 180 })).toHaveLength(4);
    expect(candles({ pair: 'ETHUSD', since: startS + 3600 })).toHaveLength(0);
  });
});

describe('Trades', () => {
  type Trades = Readonly<
    Record<string, readonly (readonly [string, string, number, string, string, string, number])[]>
  > & { last: string };

  test('shows one a second, newest last, and goes on where `last` says', () => {
    const driver = new Driver();
    const first = driver.public<Trades>('Trades', { pair: 'ETHUSD', count: 3 });
    expect(first['XETHZUSD']?.map(([, , atS]) => atS)).toEqual([startS - 2, startS - 1, startS]);
    driver.wait(2000);
    const next = driver.public<Trades>('Trades', { pair: 'ETHUSD', since: first.last });
    expect(next['XETHZUSD']?.map(([, , atS]) => atS)).toEqual([startS + 1, startS + 2]);
    expect(driver.public<Trades>('Trades', { pair: 'ETHUSD', since: next.last })['XETHZUSD']).toEqual([]);
  });

  test('takes `since` in seconds too', () => {
    expect(
      new Driver().public<Trades>('Trades', { pair: 'ETHUSD', since: startS - 5 })['XETHZUSD'],
    ).toHaveLength(5);
  });
});

test('Spread shows bid and ask of each second', () => {
  const { XXBTZUSD, last } = new Driver().public<Record<string, unknown[]> & { last: number }>('Spread', {
    pair: 'XBTUSD',
  });
  expect(XXBTZUSD).toHaveLength(200);
  expect([XXBTZUSD?.at(-1), last]).toEqual([[startS, '50000.0', '50000.1'], startS]);
});

test.each([
  ['Depth', {}, 'EGeneral:Invalid arguments:pair'],
  ['Depth', { pair: 'NOPE' }, 'EQuery:Unknown asset pair'],
  ['Depth', { pair: 'XBTUSD', count: 501 }, 'EGeneral:Invalid arguments:count'],
  ['Ticker', { pair: 'XBTUSD,NOPE' }, 'EQuery:Unknown asset pair'],
  ['Assets', { asset: 'NOPE' }, 'EQuery:Unknown asset'],
  ['AssetPairs', { info: 'gossip' }, 'EGeneral:Invalid arguments:info'],
  ['OHLC', { pair: 'XBTUSD', interval: 2 }, 'EGeneral:Invalid arguments:interval'],
  ['Trades', { pair: 'XBTUSD', since: 'x' }, 'EGeneral:Invalid arguments:since'],
  ['Trades', { pair: 'XBTUSD', count: 0 }, 'EGeneral:Invalid arguments:count'],
  ['Gossip', {}, 'EGeneral:Unknown method'],
  ['constructor', {}, 'EGeneral:Unknown method'],
])('%s %j: %s', (method, params, error) => {
  expect(new Driver().venue.callPublic(method, params, startMs)).toEqual({ error: [error], effect: null });
});
