import { describe, expect, test } from 'vitest';
import { Driver } from '../testing/driver.ts';

const sell = { type: 'sell', volume: '0.1' };

describe('stops and profits', () => {
  test.each([
    ['stop-loss', 'sell', '45000', '45000.1', '45000.0', 'sell 0.10000000 XBTUSD @ stop loss 45000.0'],
    ['stop-loss', 'buy', '55000', '54999.9', '55000.0', 'buy 0.10000000 XBTUSD @ stop loss 55000.0'],
    ['take-profit', 'sell', '55000', '54999.9', '55000.0', 'sell 0.10000000 XBTUSD @ take profit 55000.0'],
    ['take-profit', 'buy', '45000', '45000.1', '45000.0', 'buy 0.10000000 XBTUSD @ take profit 45000.0'],
  ])('%s to %s waits for %s and then takes the market', (ordertype, type, price, near, there, words) => {
    const driver = new Driver();
    const txid = driver.order({ ordertype, type, price, volume: '0.1' });
    driver.price(near);
    expect(driver.query(txid)).toMatchObject({ status: 'open', misc: '' });
    expect(driver.query(txid).descr['order']).toBe(words);
    driver.price(there);
    const misc = ordertype === 'stop-loss' ? 'stopped' : 'touched';
    expect(driver.query(txid)).toMatchObject({ status: 'closed', misc, vol_exec: '0.10000000' });
  });

  test('a stop with a limit rests at its limit when it is set off', () => {
    const driver = new Driver();
    const txid = driver.order({ ...sell, ordertype: 'stop-loss-limit', price: '45000', price2: '46000' });
    expect(driver.query(txid).descr['order']).toBe(
      'sell 0.10000000 XBTUSD @ stop loss 45000.0 -> limit 46000.0',
    );
    driver.price('45000');
    expect(driver.query(txid)).toMatchObject({ status: 'open', misc: 'stopped', limitprice: '46000.00000' });
    driver.price('46000');
    expect(driver.query(txid)).toMatchObject({ status: 'closed', price: '46000.00000' });
  });

  test('a stop that the account cannot pay for any more is canceled', () => {
    const driver = new Driver();
    const txid = driver.order({ ordertype: 'stop-loss', price: '50100', volume: '1.9' });
    driver.price('60000');
    expect(driver.query(txid)).toMatchObject({
      status: 'canceled',
      reason: 'Insufficient funds',
      vol_exec: '0.00000000',
    });
    expect(driver.money('ZUSD')).toEqual(['100000.0000', '0.0000']);
  });
});

describe('trailing stops', () => {
  test('follow the price up, never down, and set off at their distance', () => {
    const driver = new Driver();
    const txid = driver.order({ ...sell, ordertype: 'trailing-stop', price: '+1000' });
    expect(driver.query(txid)).toMatchObject({ stopprice: '49000.00000' });
    driver.price('52000');
    driver.price('51500');
    expect(driver.query(txid)).toMatchObject({ status: 'open', stopprice: '51000.00000' });
    driver.price('51000');
    expect(driver.query(txid)).toMatchObject({ status: 'closed', misc: 'stopped' });
  });

  test('of a buyer hold less as the price falls', () => {
    const driver = new Driver();
    const txid = driver.order({ ordertype: 'trailing-stop', price: '+1000', volume: '1' });
    expect(driver.money('ZUSD')[1]).toBe('51204.0000');
    driver.price('40000');
    expect(driver.query(txid).stopprice).toBe('41000.00000');
    expect(driver.money('ZUSD')[1]).toBe('41164.0000');
  });

  test('with a limit carry it along', () => {
    const driver = new Driver();
    const txid = driver.order({ ...sell, ordertype: 'trailing-stop-limit', price: '+2%', price2: '-100' });
    expect(driver.query(txid).descr['order']).toBe(
      'sell 0.10000000 XBTUSD @ trailing stop +2% -> limit -100',
    );
    driver.price('60000');
    driver.price('59000');
    expect(driver.query(txid)).toMatchObject({
      status: 'closed',
      stopprice: '59000.00000',
      limitprice: '58900.00000',
    });
  });

  test.each(['1000', '-1000', '+0'])('refuse the distance %s', (price) => {
    expect(new Driver().refused({ ...sell, ordertype: 'trailing-stop', price })).toBe(
      'EGeneral:Invalid arguments:price',
    );
  });
});

describe('a conditional close', () => {
  test.each([
    ['in a form', { 'close[ordertype]': 'limit', 'close[price]': '60000' }],
    ['in JSON', { close: { ordertype: 'limit', price: '60000' } }],
  ])('%s opens for what the first order executed', (_, close) => {
    const driver = new Driver();
    const result = driver.ok<{ txid: [string]; descr: object }>('AddOrder', {
      pair: 'XBTUSD',
      type: 'buy',
      ordertype: 'market',
      volume: '0.1',
      ...close,
    });
    expect(result.descr).toMatchObject({ close: 'close position @ limit 60000' });
    const { open } = driver.ok<{ open: Record<string, object> }>('OpenOrders');
    expect(Object.values(open)).toEqual([
      expect.objectContaining({ refid: result.txid[0], vol: '0.10000000' }),
    ]);
  });

  test('does not open when nothing was executed', () => {
    const driver = new Driver();
    const txid = driver.order({ 'close[ordertype]': 'limit', 'close[price]': '60000' });
    driver.ok('CancelOrder', { txid });
    expect(driver.ok('OpenOrders')).toEqual({ open: {} });
  });
});

test('an iceberg shows a part and trades whole', () => {
  const driver = new Driver();
  const txid = driver.order({ ordertype: 'iceberg', volume: '0.15', displayvol: '0.01' });
  driver.price('39000');
  expect(driver.query(txid)).toMatchObject({ status: 'closed', vol_exec: '0.15000000' });
});
