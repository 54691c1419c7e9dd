import { describe, expect, test } from 'vitest';
import { Driver } from '../testing/driver.ts';

describe('CancelOrder', () => {
  test('by id gives back what the order held', () => {
    const driver = new Driver();
    const txid = driver.order();
    expect(driver.json('CancelOrder', { txid })).toEqual({
      error: [],
      result: { count: 1 },
      effect: { kind: 'cancel', ids: [txid] },
    });
    expect(driver.query(txid)).toMatchObject({ status: 'canceled', reason: 'User requested' });
    expect(driver.money('ZUSD')).toEqual(['100000.0000', '0.0000']);
  });

  test('by user reference cancels every order that carries it', () => {
    const driver = new Driver();
    for (const userref of [7, 7, 8]) driver.order({ userref });
    expect(driver.ok('CancelOrder', { txid: 7 })).toEqual({ count: 2 });
    expect(driver.ok('CancelOrder', { txid: '8' })).toEqual({ count: 1 });
  });

  test.each([[{ txid: 'OAAAAA-BBBBB-CCCCCC' }], [{ txid: '99' }], [{ cl_ord_id: 'nobody' }]])(
    '%j is unknown',
    (params) => {
      expect(new Driver().error('CancelOrder', params)).toBe('EOrder:Unknown order');
    },
  );

  test('of an order that is over, or of somebody else, is unknown', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.account = 'USER_1';
    expect(driver.error('CancelOrder', { txid })).toBe('EOrder:Unknown order');
    driver.account = 'MASTER';
    driver.ok('CancelOrder', { txid });
    expect(driver.error('CancelOrder', { txid })).toBe('EOrder:Unknown order');
  });
});

test('CancelAll cancels the orders of the account and no others', () => {
  const driver = new Driver();
  driver.order();
  driver.account = 'USER_1';
  for (const pair of ['XBTUSD', 'XBTEUR']) driver.refused({ pair, type: 'sell', price: '90000' });
  expect(driver.ok('CancelAll')).toEqual({ count: 2 });
  expect(driver.json('CancelAll')).toEqual({ error: [], result: { count: 0 }, effect: null });
  driver.account = 'MASTER';
  expect(Object.keys(driver.ok<{ open: object }>('OpenOrders').open)).toHaveLength(1);
});

describe('CancelAllOrdersAfter', () => {
  test('cancels every order of the account when its time has come, and only once', () => {
    const driver = new Driver();
    const txid = driver.order();
    expect(driver.ok('CancelAllOrdersAfter', { timeout: 60 })).toEqual({
      currentTime: '2026-11-22T12:55:36Z',
      triggerTime: '2026-11-22T12:56:36Z',
    });
    driver.wait(59_999);
    expect(driver.query(txid).status).toBe('open');
    driver.wait(1);
    expect(driver.query(txid).status).toBe('canceled');
    expect(driver.query(driver.order()).status).toBe('open');
  });

  test('is put off by the next call and taken away by 0', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.ok('CancelAllOrdersAfter', { timeout: '60' });
    driver.wait(50_000);
    driver.ok('CancelAllOrdersAfter', { timeout: '60' });
    driver.wait(50_000);
    expect(driver.query(txid).status).toBe('open');
    expect(driver.ok('CancelAllOrdersAfter', { timeout: 0 })).toMatchObject({ triggerTime: '0' });
    driver.wait(100_000);
    expect(driver.query(txid).status).toBe('open');
  });

  test('that went off while nothing was open leaves later orders alone', () => {
    const driver = new Driver();
    driver.ok('CancelAllOrdersAfter', { timeout: 10 });
    driver.wait(60_000);
    const txid = driver.order();
    driver.wait(60_000);
    expect(driver.query(txid).status).toBe('open');
  });

  test.each([[undefined], ['-1'], ['86400'], ['soon']])('refuses a timeout of %s', (timeout) => {
    expect(new Driver().error('CancelAllOrdersAfter', { timeout })).toBe(
      'EGeneral:Invalid arguments:timeout',
    );
  });
});
