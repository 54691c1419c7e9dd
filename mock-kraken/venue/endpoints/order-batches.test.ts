import { describe, expect, test } from 'vitest';
import { Driver, restingBuy } from '../testing/driver.ts';

const { pair, ...order } = restingBuy;

interface Batch {
  readonly orders: readonly { readonly txid?: string; readonly error?: string }[];
}

describe('AddOrderBatch', () => {
  test('places every order and answers in their order', () => {
    const driver = new Driver();
    const reply = driver.json('AddOrderBatch', { pair, orders: [order, { ...order, price: '41000' }] });
    const { orders } = reply.result as Batch;
    expect(orders).toMatchObject([
      { descr: { order: 'buy 0.01000000 XBTUSD @ limit 40000.0' } },
      { descr: { order: 'buy 0.01000000 XBTUSD @ limit 41000.0' } },
    ]);
    expect(reply.effect).toEqual({ kind: 'order', ids: orders.map(({ txid }) => txid) });
  });

  test('with one wrong order places none', () => {
    const driver = new Driver();
    expect(driver.error('AddOrderBatch', { pair, orders: [order, { ...order, volume: '0' }] })).toBe(
      'EGeneral:Invalid arguments:volume',
    );
    expect(driver.ok('OpenOrders')).toEqual({ open: {} });
  });

  test('fails alone the order that the account cannot pay for', () => {
    const driver = new Driver();
    const reply = driver.json('AddOrderBatch', {
      pair,
      orders: [{ ...order, volume: '2' }, { ...order, volume: '2' }, order],
    });
    expect(reply.error).toEqual([]);
    expect((reply.result as Batch).orders).toMatchObject([
      { txid: expect.any(String) },
      { error: 'EOrder:Insufficient funds' },
      { txid: expect.any(String) },
    ]);
    expect(reply.effect?.ids).toHaveLength(2);
  });

  test('with validate places nothing', () => {
    const driver = new Driver();
    const reply = driver.json('AddOrderBatch', {
      pair,
      validate: true,
      orders: [order, { ...order, volume: '3' }],
    });
    expect((reply.result as Batch).orders).toMatchObject([
      { descr: {} },
      { error: 'EOrder:Insufficient funds' },
    ]);
    expect(reply.effect).toBeNull();
    expect(driver.ok('OpenOrders')).toEqual({ open: {} });
  });

  test.each([
    ['too few', [order]],
    ['too many', Array.from({ length: 16 }, () => order)],
    ['no objects', ['a', 'b']],
    ['no list', 'a,b'],
    ['nothing', undefined],
  ])('refuses %s', (_, orders) => {
    expect(new Driver().error('AddOrderBatch', { pair, orders })).toBe('EGeneral:Invalid arguments:orders');
  });

  test('in a form is refused: it cannot carry a list', () => {
    expect(new Driver().call('AddOrderBatch', { pair, orders: [order, order] }).error).toEqual([
      'EGeneral:Invalid arguments:orders',
    ]);
  });
});

describe('CancelOrderBatch', () => {
  test('takes ids, user references and client order ids, and counts each order once', () => {
    const driver = new Driver();
    const txid = driver.order({ userref: 1 });
    for (const params of [{ userref: 2 }, { cl_ord_id: 'bot-1' }]) driver.order(params);
    driver.order();
    const reply = driver.json('CancelOrderBatch', {
      orders: [txid, 1, 2, 'OAAAAA-BBBBB-CCCCCC'],
      cl_ord_ids: ['bot-1'],
    });
    expect(reply.result).toEqual({ count: 3 });
    expect(reply.effect).toMatchObject({ kind: 'cancel' });
  });

  test.each([
    [{}],
    [{ orders: Array.from({ length: 51 }, String) }],
    [{ orders: [{}] }],
    [{ orders: 'a,b' }],
  ])('refuses %j', (params) => {
    expect(new Driver().error('CancelOrderBatch', params)).toBe('EGeneral:Invalid arguments:orders');
  });

  test('in a form is refused', () => {
    expect(new Driver().call('CancelOrderBatch', { orders: ['a'] }).error).toEqual([
      'EGeneral:Invalid arguments:orders',
    ]);
  });
});
