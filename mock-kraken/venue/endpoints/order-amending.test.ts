import { describe, expect, test } from 'vitest';
import { Driver } from '../testing/driver.ts';

describe('AmendOrder', () => {
  test('changes volume and limit in place: same id, other hold, age from now', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.wait(7000);
    const reply = driver.json('AmendOrder', { txid, order_qty: '0.02', limit_price: '41000' });
    expect(reply).toEqual({
      error: [],
      result: { amend_id: expect.stringMatching(/^T/) },
      effect: { kind: 'amend', ids: [txid] },
    });
    expect(driver.query(txid)).toMatchObject({ status: 'open', vol: '0.02000000', misc: 'amended' });
    expect(driver.money('ZUSD')[1]).toBe('823.2800');
    driver.wait(36_000);
    expect(driver.venue.orderAge('MASTER', txid, driver.atMs)).toBe(36_000);
  });

  test('finds the order by its client order id', () => {
    const driver = new Driver();
    const txid = driver.order({ cl_ord_id: 'bot-1' });
    driver.ok('AmendOrder', { cl_ord_id: 'bot-1', limit_price: '41000' });
    expect(driver.query(txid).descr['price']).toBe('41000.0');
  });

  test('to a price that crosses trades as a taker', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.ok('AmendOrder', { txid, limit_price: '51000' });
    expect(driver.query(txid)).toMatchObject({ status: 'closed', price: '50000.10000', fee: '2.00000' });
  });

  test.each([
    [{}, { post_only: true }],
    [{ oflags: 'post' }, {}],
  ])('of %j with %j refuses to cross', (placed, params) => {
    const driver = new Driver();
    const txid = driver.order(placed);
    expect(driver.error('AmendOrder', { txid, limit_price: '51000', ...params })).toBe(
      'EOrder:Post only order',
    );
    expect(driver.query(txid)).toMatchObject({ status: 'open', misc: '' });
  });

  test('to what has been executed already cancels the rest', () => {
    const driver = new Driver();
    const txid = driver.order({ price: '50000.1', volume: '1.5' });
    const { vol_exec: executed } = driver.query(txid);
    driver.ok('AmendOrder', { txid, order_qty: '0.1' });
    expect(driver.query(txid)).toMatchObject({ status: 'canceled', vol: executed, vol_exec: executed });
    expect(driver.money('ZUSD')[1]).toBe('0.0000');
  });

  test('moves the trigger of a stop', () => {
    const driver = new Driver();
    const txid = driver.order({ type: 'sell', ordertype: 'stop-loss', price: '45000' });
    driver.ok('AmendOrder', { txid, trigger_price: '50000' });
    expect(driver.query(txid)).toMatchObject({ status: 'closed', misc: 'stopped,amended' });
  });

  test('beyond the funds changes nothing', () => {
    const driver = new Driver();
    const txid = driver.order();
    expect(driver.error('AmendOrder', { txid, order_qty: '3' })).toBe('EOrder:Insufficient funds');
    expect(driver.query(txid)).toMatchObject({ vol: '0.01000000', misc: '' });
  });

  test.each([
    [{ txid: 'OAAAAA-BBBBB-CCCCCC', order_qty: '1' }, 'EOrder:Unknown order'],
    [{ order_qty: '1' }, 'EGeneral:Invalid arguments:txid'],
    [{ cl_ord_id: 'bot-1' }, 'EGeneral:Invalid arguments:order_qty'],
    [{ cl_ord_id: 'bot-1', order_qty: '0.00001' }, 'EOrder:Order minimum not met'],
    [{ cl_ord_id: 'bot-1', order_qty: '0' }, 'EGeneral:Invalid arguments:order_qty'],
    [{ cl_ord_id: 'bot-1', trigger_price: '1' }, 'EGeneral:Invalid arguments:trigger_price'],
    [{ cl_ord_id: 'bot-1', limit_price: 'x' }, 'EGeneral:Invalid arguments:limit_price'],
    [
      { cl_ord_id: 'bot-1', limit_price: '40000', deadline: '2020-01-01T00:00:00Z' },
      'EService:Deadline elapsed',
    ],
  ])('%j: %s', (params, error) => {
    const driver = new Driver();
    driver.order({ cl_ord_id: 'bot-1' });
    expect(driver.error('AmendOrder', params)).toBe(error);
  });
});

test('OrderAmends tells what the order asked for at first and after every amend', () => {
  const driver = new Driver();
  const txid = driver.order();
  expect(driver.ok('OrderAmends', { order_id: txid })).toEqual({ count: 0, amends: [] });
  driver.wait(1000);
  const { amend_id: amendId } = driver.ok<{ amend_id: string }>('AmendOrder', { txid, order_qty: '0.02' });
  const amends = driver.ok<{ amends: object[] }>('OrderAmends', { order_id: txid }).amends;
  expect(amends).toMatchObject([
    { amend_id: txid, amend_type: 'original', order_qty: '0.01000000', limit_price: '40000.0' },
    { amend_id: amendId, amend_type: 'user', order_qty: '0.02000000', timestamp: driver.atMs / 1000 },
  ]);
});

test('an order remembers its first terms and its latest amends, not every one of thousands', () => {
  const driver = new Driver();
  const txid = driver.order();
  for (let count = 1; count <= 150; count += 1)
    driver.ok('AmendOrder', { txid, limit_price: String(40_000 + count) });
  const { amends } = driver.ok<{ amends: { amend_type: string; limit_price: string }[] }>('OrderAmends', {
    order_id: txid,
  });
  expect(amends).toHaveLength(20);
  expect([amends[0]?.amend_type, amends.at(-1)?.limit_price]).toEqual(['original', '40150.0']);
});
