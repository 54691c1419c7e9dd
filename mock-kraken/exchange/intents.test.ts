import { describe, expect, test } from 'vitest';
import { intentsOf, type Intent } from './intents.ts';
import type { RequestParams } from '../venue-interface.ts';

const ORDER = { pair: 'XBTUSD', type: 'sell', ordertype: 'limit', price: '60000', volume: '0.01' };

function one(method: string, params: RequestParams): Intent {
  const [intent] = intentsOf(method, params) ?? [];
  if (intent === undefined) throw new TypeError(`${method} asks for nothing`);
  return intent;
}

describe('two attempts at the same order have one digest', () => {
  test.each<[string, RequestParams]>([
    ['another nonce and password', { nonce: '2', otp: '222' }],
    ['a fresh deadline', { deadline: '2026-11-26T00:00:10Z' }],
    ['another cl_ord_id', { cl_ord_id: 'mine' }],
    ['another userref', { userref: 7 }],
    ['another tag', { nonceproof_call: 't' }],
    ['decimals written otherwise', { price: '060000.00', volume: '1e-2' }],
    ['numbers in place of text', { price: 60_000, volume: 0.01 }],
    ['another name of the pair', { pair: 'XXBTZUSD' }],
    ['a third name of the pair', { pair: 'XBT/USD' }],
    ['empty parameters', { timeinforce: '', oflags: null }],
  ])('with %s', (_, changes) => {
    expect(one('AddOrder', { ...ORDER, ...changes })).toEqual(one('AddOrder', ORDER));
  });

  test('in whatever order it is written', () => {
    const reversed = Object.fromEntries(Object.entries(ORDER).toReversed());
    expect(one('AddOrder', reversed)).toEqual(one('AddOrder', ORDER));
  });

  test('as a form and as JSON', () => {
    const form = { ...ORDER, oflags: 'post,fciq', 'close[ordertype]': 'limit', 'close[price]': '61000' };
    const json = { ...ORDER, oflags: ['post', 'fciq'], close: { price: 61_000, ordertype: 'limit' } };
    expect(one('AddOrder', json)).toEqual(one('AddOrder', form));
  });
});

describe('another order has another digest', () => {
  test.each<RequestParams>([
    { volume: '0.02' },
    { price: '60000.1' },
    { price: '+60000' },
    { ordertype: 'market' },
    { oflags: 'post' },
    { 'pair=XBTUSD&type': 'buy' },
  ])('%j, and is alike', (changes) => {
    const [order, other] = [one('AddOrder', ORDER), one('AddOrder', { ...ORDER, ...changes })];
    expect(other.digest).not.toBe(order.digest);
    expect(other.likeness).toBe(order.likeness);
  });

  test.each<RequestParams>([{ type: 'buy' }, { pair: 'ETHUSD' }])('%j, and is not alike', (changes) => {
    expect(one('AddOrder', { ...ORDER, ...changes }).likeness).not.toBe(one('AddOrder', ORDER).likeness);
  });
});

describe('a batch', () => {
  const { pair, ...item } = ORDER;

  test('asks for as many orders as it has, each like one placed alone', () => {
    const other = { ...item, volume: '0.02', cl_ord_id: 'mine' };
    expect(intentsOf('AddOrderBatch', { nonce: 1, pair, deadline: 'x', orders: [item, other] })).toEqual([
      one('AddOrder', ORDER),
      { ...one('AddOrder', { ...ORDER, volume: '0.02' }), clientRef: 'mine' },
    ]);
  });

  test('asks for 15 orders at most, whatever it contains', () => {
    expect(
      intentsOf('AddOrderBatch', { pair, orders: Array.from({ length: 1_000 }, () => item) }),
    ).toHaveLength(15);
    expect(intentsOf('AddOrderBatch', { pair, orders: 'x' })).toEqual([]);
    expect(intentsOf('AddOrderBatch', { pair, orders: [null, 7, 'x'] })).toHaveLength(3);
  });
});

describe('money that is moved', () => {
  test.each<[string, RequestParams, string]>([
    ['Withdraw', { asset: 'XBT', key: 'cold', amount: '0.1' }, 'key'],
    ['WalletTransfer', { asset: 'XBT', from: 'Spot Wallet', to: 'Futures Wallet', amount: '0.1' }, 'to'],
    ['AccountTransfer', { asset: 'XBT', from: 'MASTER', to: 'USER_1', amount: '0.1' }, 'to'],
    ['Earn/Allocate', { strategy_id: 'ESRFUO3-Q62XD-WIOIL7', amount: '0.1' }, 'strategy_id'],
    ['Earn/Deallocate', { strategy_id: 'ESRFUO3-Q62XD-WIOIL7', amount: '0.1' }, 'strategy_id'],
  ])(
    '%s is the same with a fresh nonce, alike with another amount, another elsewhere',
    (method, params, where) => {
      const first = one(method, { ...params, nonce: '1' });
      expect(one(method, { ...params, nonce: '2', amount: '0.100' })).toEqual(first);
      expect(one(method, { ...params, amount: '0.2' })).toMatchObject({ likeness: first.likeness });
      expect(one(method, { ...params, amount: '0.2' }).digest).not.toBe(first.digest);
      expect(one(method, { ...params, [where]: 'elsewhere' }).likeness).not.toBe(first.likeness);
    },
  );
});

test('what names something that exists is part of what is asked for', () => {
  expect(one('CancelOrder', { cl_ord_id: 'a' })).not.toEqual(one('CancelOrder', { cl_ord_id: 'b' }));
  expect(one('AmendOrder', { cl_ord_id: 'a', order_qty: '1' })).not.toEqual(
    one('AmendOrder', { cl_ord_id: 'b', order_qty: '1' }),
  );
});

test('methods that change nothing ask for nothing', () => {
  for (const method of ['Balance', 'OpenOrders', 'constructor', ''])
    expect(intentsOf(method, ORDER)).toBeNull();
});

test('a digest is short, and says nothing of what it is made of; nesting has a bound', () => {
  let nested: unknown = 'x';
  for (let depth = 0; depth < 10_000; depth += 1) nested = { nested };
  for (const { digest, likeness } of [one('AddOrder', ORDER), one('AddOrder', { nested })]) {
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(likeness).toMatch(/^[0-9a-f]{16}$/);
  }
});
