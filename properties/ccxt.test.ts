import { InsufficientFunds, InvalidOrder, kraken, OrderNotFound, type Exchange } from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockKraken, startMockKraken } from '../mock-kraken/index.ts';

/** ccxt as it is on npm, but for its base URL, against the mock over a real socket: its parsers take every answer. */
let mock: MockKraken;
let client: Exchange;

beforeAll(async () => {
  mock = await startMockKraken();
  const [master] = mock.accounts;
  client = new kraken({
    apiKey: master?.apiKey ?? '',
    secret: master?.apiSecret ?? '',
    enableRateLimit: false,
  });
  client.urls['api'] = { public: mock.url, private: mock.url };
  await client.loadMarkets();
});

afterAll(async () => {
  await mock.close();
});

/** The id of a new order. */
async function placed(...order: Parameters<Exchange['createOrder']>): Promise<string> {
  const { id = '' } = await client.createOrder(...order);
  return id;
}

describe('ccxt reads the market', () => {
  test('fetchMarkets finds precision and limits of every pair', async () => {
    const markets = await client.fetchMarkets();
    expect(markets.map((market) => market?.symbol)).toEqual(
      expect.arrayContaining(['BTC/USD', 'ETH/BTC', 'DOGE/USD']),
    );
    expect(client.market('BTC/USD')).toMatchObject({
      precision: { price: 0.1, amount: 1e-8 },
      limits: { amount: { min: 0.00005 }, cost: { min: 0.5 } },
      taker: 0.004,
      maker: 0.0025,
    });
  });

  test('fetchCurrencies, fetchTime and fetchStatus', async () => {
    expect(Object.keys(await client.fetchCurrencies())).toEqual(
      expect.arrayContaining(['BTC', 'USD', 'DOGE']),
    );
    expect(await client.fetchTime()).toBeGreaterThan(1_700_000_000_000);
    expect(await client.fetchStatus()).toMatchObject({ status: 'ok' });
  });

  test('fetchTicker and fetchTickers', async () => {
    const { bid = 0, ask = 0, last, high, low } = await client.fetchTicker('BTC/USD');
    expect(ask - bid).toBeCloseTo(0.1, 6);
    expect([last, high, low]).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect(Object.keys(await client.fetchTickers(['BTC/USD', 'ETH/USD']))).toHaveLength(2);
  });

  test('fetchOrderBook', async () => {
    const { bids, asks } = await client.fetchOrderBook('BTC/USD', 5);
    expect([bids.length, asks.length]).toEqual([5, 5]);
    expect(asks[0]?.[0]).toBeGreaterThan(bids[0]?.[0] ?? Number.POSITIVE_INFINITY);
  });

  test('fetchOHLCV and fetchTrades', async () => {
    expect(await client.fetchOHLCV('BTC/USD', '1m', undefined, 10)).not.toHaveLength(0);
    const trades = await client.fetchTrades('BTC/USD');
    expect(trades.at(-1)).toMatchObject({
      symbol: 'BTC/USD',
      price: expect.any(Number),
      amount: expect.any(Number),
    });
  });
});

describe('ccxt trades', () => {
  test('createOrder limit, fetchOpenOrders, fetchOrder, editOrder, cancelOrder', async () => {
    const id = await placed('BTC/USD', 'limit', 'buy', 0.01, 30_000);
    expect(await client.fetchOpenOrders('BTC/USD')).toMatchObject([
      { id, status: 'open', price: 30_000, amount: 0.01 },
    ]);
    expect(await client.fetchOrder(id)).toMatchObject({
      id,
      status: 'open',
      side: 'buy',
      filled: 0,
      remaining: 0.01,
    });
    await client.editOrder(id, 'BTC/USD', 'limit', 'buy', 0.02, 31_000);
    expect(await client.fetchOrder(id)).toMatchObject({ status: 'open', price: 31_000, amount: 0.02 });
    await client.cancelOrder(id);
    expect(await client.fetchOrder(id)).toMatchObject({ status: 'canceled' });
    expect(await client.fetchOpenOrders()).toEqual([]);
  });

  test('createOrder market, fetchOrder, fetchMyTrades, fetchOrderTrades, fetchClosedOrders, fetchLedger', async () => {
    const id = await placed('ETH/USD', 'market', 'sell', 0.5);
    const order = await client.fetchOrder(id);
    expect(order).toMatchObject({ status: 'closed', filled: 0.5, fee: { currency: 'USD' } });
    expect(order.average).toBeGreaterThan(0);
    const trades = await client.fetchMyTrades();
    expect(trades).toMatchObject([{ order: id, symbol: 'ETH/USD', takerOrMaker: 'taker', amount: 0.5 }]);
    expect(
      await client.fetchOrderTrades(id, undefined, undefined, undefined, { trades: [trades[0]?.id] }),
    ).toHaveLength(1);
    expect((await client.fetchClosedOrders()).map((closed) => closed.id)).toContain(id);
    expect(await client.fetchLedger('USD')).toMatchObject([
      { currency: 'USD', direction: 'in', type: 'trade' },
    ]);
  });

  test('createMarketBuyOrderWithCost spends what it says', async () => {
    const { id = '', cost } = await client.createMarketBuyOrderWithCost('BTC/USD', 100);
    expect(cost).toBe(100);
    expect((await client.fetchOrder(id)).cost).toBeCloseTo(100, 2);
  });

  test('createOrders, stops, trailing stops and client order ids', async () => {
    const limit = { symbol: 'BTC/USD', type: 'limit', side: 'buy', amount: 0.01, price: 30_000 } as const;
    expect(await client.createOrders([limit, { ...limit, price: 30_001 }])).toHaveLength(2);
    await client.createOrder('BTC/USD', 'limit', 'sell', 0.01, 29_000, { stopLossPrice: 30_000 });
    await client.createOrder('BTC/USD', 'market', 'sell', 0.01, undefined, { takeProfitPrice: 90_000 });
    await client.createOrder('BTC/USD', 'market', 'sell', 0.01, undefined, { trailingPercent: 50 });
    await client.createOrder('BTC/USD', 'limit', 'buy', 0.01, 30_000, {
      clientOrderId: 'bot-1',
      postOnly: true,
    });
    const open = await client.fetchOpenOrders();
    expect(open).toHaveLength(6);
    expect(open.find((order) => order.clientOrderId === 'bot-1')).toMatchObject({ postOnly: true });
    await client.cancelAllOrders();
    expect(await client.fetchOpenOrders()).toEqual([]);
  });

  test('fetchBalance adds up', async () => {
    const balance = await client.fetchBalance();
    expect(balance['BTC']).toMatchObject({ used: 0, free: balance['BTC']?.total });
    expect(balance['USD']?.total).toBeGreaterThan(0);
  });
});

test.each([
  ['InsufficientFunds', InsufficientFunds, 1_000_000_000, 30_000],
  ['InvalidOrder', InvalidOrder, 0.00001, 30_000],
] as const)('ccxt reads a refusal as %s', async (_, kind, amount, price) => {
  await expect(client.createOrder('BTC/USD', 'limit', 'buy', amount, price)).rejects.toBeInstanceOf(kind);
});

test('ccxt reads an unknown order as OrderNotFound', async () => {
  await expect(client.cancelOrder('OAAAAA-BBBBB-CCCCCC')).rejects.toBeInstanceOf(OrderNotFound);
});
