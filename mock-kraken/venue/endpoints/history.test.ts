import { describe, expect, test } from 'vitest';
import { Driver, startMs } from '../testing/driver.ts';

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A driver after one market buy of 0.01 XBT at 50000.1. */
function traded(): { readonly driver: Driver; readonly txid: string } {
  const driver = new Driver();
  return { driver, txid: driver.order({ ordertype: 'market' }) };
}

describe('trades', () => {
  test('TradesHistory shows each execution', () => {
    const { driver, txid } = traded();
    const { trades, count } = driver.ok<{ trades: Rows; count: number }>('TradesHistory', { ledgers: true });
    expect(count).toBe(1);
    expect(Object.values(trades)[0]).toEqual({
      ordertxid: txid,
      postxid: expect.any(String),
      pair: 'XXBTZUSD',
      aclass: 'forex',
      time: startMs / 1000,
      type: 'buy',
      ordertype: 'market',
      price: '50000.10000',
      cost: '500.00100',
      fee: '2.00000',
      vol: '0.01000000',
      margin: '0.00000',
      leverage: '0',
      misc: '',
      trade_id: 1,
      maker: false,
      ledgers: [expect.stringMatching(/^L/), expect.stringMatching(/^L/)],
    });
    expect(Object.keys(trades)).toEqual(driver.query(txid).trades);
  });

  test('none belong to a position', () => {
    const { driver } = traded();
    expect(driver.ok('TradesHistory', { type: 'closed position' })).toEqual({ trades: {}, count: 0 });
    expect(driver.ok('OpenPositions')).toEqual({});
  });

  test('QueryTrades finds them by id', () => {
    const { driver, txid } = traded();
    const [id = ''] = driver.query(txid).trades;
    expect(driver.ok('QueryTrades', { txid: id })).toHaveProperty([id, 'ordertxid'], txid);
    expect(driver.error('QueryTrades', { txid: 'TAAAAA-BBBBB-CCCCCC' })).toBe(
      'EGeneral:Invalid arguments:txid',
    );
  });

  test('TradeVolume sums 30 days in dollars and shows the fees that are really taken', () => {
    const { driver } = traded();
    expect(driver.ok('TradeVolume')).toEqual({ currency: 'ZUSD', volume: '500.0010' });
    expect(driver.ok('TradeVolume', { pair: 'XBTUSD,ETHUSD' })).toMatchObject({
      fees: { XXBTZUSD: { fee: '0.4000' }, XETHZUSD: { fee: '0.4000' } },
      fees_maker: { XXBTZUSD: { fee: '0.2500' } },
    });
    driver.wait(31 * 86_400_000);
    expect(driver.ok('TradeVolume')).toMatchObject({ volume: '0.0000' });
  });
});

describe('ledgers', () => {
  test('Ledgers shows what a trade took and gave, and the balance after it', () => {
    const { driver } = traded();
    const { ledger, count } = driver.ok<{ ledger: Rows; count: number }>('Ledgers');
    const common = {
      time: startMs / 1000,
      type: 'trade',
      subtype: 'tradespot',
      aclass: 'currency',
      refid: expect.any(String),
    };
    expect(count).toBe(2);
    expect(Object.values(ledger)).toEqual([
      { ...common, asset: 'ZUSD', amount: '-500.0010', fee: '2.0000', balance: '99497.9990' },
      { ...common, asset: 'XXBT', amount: '0.0100000000', fee: '0.0000000000', balance: '2.0100000000' },
    ]);
  });

  test('filters by asset and type', () => {
    const { driver } = traded();
    driver.venue.setBalance('MASTER', 'ZUSD', '1', driver.atMs);
    const count = (params: object): number => driver.ok<{ count: number }>('Ledgers', params).count;
    expect([count({ asset: 'XBT' }), count({ asset: 'all' }), count({ type: 'adjustment' })]).toEqual([
      1, 3, 1,
    ]);
  });

  test('QueryLedgers finds them by id', () => {
    const { driver } = traded();
    const [id = ''] = Object.keys(driver.ok<{ ledger: Rows }>('Ledgers').ledger);
    expect(driver.ok('QueryLedgers', { id })).toHaveProperty([id, 'asset'], 'ZUSD');
  });

  test.each([
    ['Ledgers', { type: 'gift' }, 'EGeneral:Invalid arguments:type'],
    ['Ledgers', { asset: 'NOPE' }, 'EQuery:Unknown asset'],
    ['QueryLedgers', {}, 'EGeneral:Invalid arguments:id'],
    ['QueryLedgers', { id: 'LAAAAA-BBBBB-CCCCCC' }, 'EGeneral:Invalid arguments:id'],
  ])('%s %j: %s', (method, params, error) => {
    expect(new Driver().error(method, params)).toBe(error);
  });
});

test('TradeBalance values what open orders hold, and nothing of it when they are gone', () => {
  const driver = new Driver();
  const unexecuted = (): number => Number(driver.ok<{ uv: string }>('TradeBalance', { asset: 'USD' }).uv);
  expect(unexecuted()).toBe(0);
  const txid = driver.order({ volume: '1', price: '40000' });
  const held = Number(driver.money('ZUSD')[1]);
  expect(held).toBeGreaterThanOrEqual(40_000);
  expect(unexecuted()).toBe(held);
  driver.ok('CancelOrder', { txid });
  expect(unexecuted()).toBe(0);
});

test('BalanceEx and TradeBalance agree with Balance', () => {
  const { driver } = traded();
  expect(driver.ok('Balance')).toEqual({ ZUSD: '99497.9990', XXBT: '2.0100000000', XETH: '20.0000000000' });
  expect(driver.money('ZUSD')).toEqual(['99497.9990', '0.0000']);
  const { eb } = driver.ok<{ eb: string }>('TradeBalance', { asset: 'USD' });
  expect(Number(eb)).toBeGreaterThan(99497 + 2.01 * 50000);
  expect(driver.error('TradeBalance', { asset: 'NOPE' })).toBe('EQuery:Unknown asset');
});
