import { describe, expect, test } from 'vitest';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import type { OrderAge, OrderFacts, PrivateRequest, RequestParams } from '../venue-interface.ts';
import { ageCost } from './age-cost.ts';
import { EngineLimiter } from './engine-limiter.ts';
import { parseLimits, type LimitsOptions, type LimitsSettings } from './limits-options.ts';

const PAIR = 'XXBTZUSD';

/** Orders as the limiter sees them. */
interface Market extends OrderFacts {
  touched: readonly OrderAge[];
  open: number;
}

function market(open = 0): Market {
  return {
    touched: [],
    open,
    pairId: (name) => (name === 'XBTUSD' ? PAIR : name === 'ETHUSD' ? 'XETHZUSD' : null),
    openOrderCount() {
      return this.open;
    },
    orderAge: () => null,
    ordersTouched() {
      return this.touched;
    },
  };
}

/** A limiter whose counter does not sink, so that a test can add up. */
function limiterOf(max: number, options: LimitsOptions = {}): EngineLimiter {
  const settings = parseLimits(options) as LimitsSettings;
  return new EngineLimiter({
    ...settings,
    tier: { ...settings.tier, engine: { max, decayPerS: 0 }, openOrdersMax: 3 },
  });
}

function request(method: string, params: RequestParams = { pair: 'XBTUSD' }, atMs = 0): PrivateRequest {
  return { account: 'MASTER', method, params, encoding: 'form', atMs };
}

/** What a request costs: the lowest maximum that lets it pass. */
function costOf(asked: PrivateRequest, facts: OrderFacts, options: LimitsOptions = {}): number {
  for (let cost = 0; cost <= 100; cost += 0.5)
    if (limiterOf(cost, options).charge(asked, facts) === null) return cost;
  return Infinity;
}

function aged(...agesS: number[]): Market {
  return {
    ...market(),
    touched: agesS.map((ageS, index) => ({ txid: `O${index}`, pair: PAIR, ageMs: ageS * 1000 })),
  };
}

describe('what touching an order costs', () => {
  test.each([
    ['amend', [3, 2, 1, 0, 0, 0, 0]],
    ['edit', [6, 5, 4, 2, 1, 0, 0]],
    ['cancel', [8, 6, 5, 4, 2, 1, 0]],
  ] as const)('%s, by age', (action, costs) => {
    expect([0, 5, 10, 15, 45, 90, 300].map((ageS) => ageCost(action, ageS * 1000))).toEqual(costs);
    expect(
      [4.999, 9.999, 14.999, 44.999, 89.999, 299.999, 300].map((ageS) => ageCost(action, ageS * 1000)),
    ).toEqual(costs);
  });
});

describe('what a request costs', () => {
  const two = { pair: 'XBTUSD', orders: [{}, {}, {}] };

  test.each([
    ['AddOrder', 1, request('AddOrder'), aged()],
    ['AddOrder of an unknown pair', 0, request('AddOrder', { pair: 'FOO' }), aged()],
    ['AddOrder that only validates', 0, request('AddOrder', { pair: 'XBTUSD', validate: 'true' }), aged()],
    ['AddOrder with validate=false', 1, request('AddOrder', { pair: 'XBTUSD', validate: 'false' }), aged()],
    ['AddOrder with validate: true', 0, request('AddOrder', { pair: 'XBTUSD', validate: true }), aged()],
    ['AddOrder with validate: false', 1, request('AddOrder', { pair: 'XBTUSD', validate: false }), aged()],
    ['AddOrder of a pair that is no text', 0, request('AddOrder', { pair: 7 }), aged()],
    [
      'a batch of what is no order',
      0.5,
      request('AddOrderBatch', { pair: 'XBTUSD', orders: [null, 'x', 3, {}] }),
      aged(),
    ],
    ['a batch without a list', 0, request('AddOrderBatch', { pair: 'XBTUSD', orders: '[{}]' }), aged()],
    ['a batch of three', 1.5, request('AddOrderBatch', two), aged()],
    ['AmendOrder at once', 4, request('AmendOrder'), aged(0)],
    ['EditOrder after a minute', 2, request('EditOrder'), aged(60)],
    ['CancelOrder at once', 8, request('CancelOrder'), aged(0)],
    ['CancelOrder of two', 14, request('CancelOrder'), aged(0, 7)],
    ['CancelOrder of none', 0, request('CancelOrder'), aged()],
    ['CancelAll', 0, request('CancelAll'), aged(0)],
    ['Balance', 0, request('Balance'), aged(0)],
  ])('%s: %d', (_what, cost, asked, facts) => {
    expect(costOf(asked, facts)).toBe(cost);
  });

  test('two points are options: the fixed cost of an edit, and whether CancelAll costs', () => {
    expect(costOf(request('EditOrder'), aged(60), { editFixedCost: 0 })).toBe(1);
    expect(costOf(request('CancelAll'), aged(0, 0), { cancelAllPenalised: true })).toBe(16);
  });

  test('Kraken’s worked example: add, amend after 7 s, cancel 36 s later make 8', () => {
    const steps = (limiter: EngineLimiter): (string | null)[] => [
      limiter.charge(request('AddOrder', undefined, 0), aged()),
      limiter.charge(request('AmendOrder', undefined, 7_000), aged(7)),
      limiter.charge(request('CancelOrder', undefined, 43_000), aged(36)),
    ];
    expect(steps(limiterOf(8))).toEqual([null, null, null]);
    expect(steps(limiterOf(7.5))).toEqual([null, null, KRAKEN_ERRORS.orderRateLimit]);
  });
});

describe('over the limit', () => {
  test('a request is refused and costs nothing', () => {
    const limiter = limiterOf(8);
    limiter.charge(request('AddOrder'), aged());
    expect(limiter.charge(request('CancelOrder'), aged(0))).toBe(KRAKEN_ERRORS.orderRateLimit);
    expect(limiter.charge(request('CancelOrder'), aged(5))).toBeNull();
  });

  test('a batch cancel is carried out all the same, and what follows it is refused', () => {
    const limiter = limiterOf(8);
    expect(limiter.charge(request('CancelOrderBatch'), aged(0, 0))).toBeNull();
    expect(limiter.charge(request('AddOrder'), aged())).toBe(KRAKEN_ERRORS.orderRateLimit);
  });

  test('each pair and each account has a counter of its own', () => {
    const limiter = limiterOf(1);
    expect(limiter.charge(request('AddOrder'), market())).toBeNull();
    expect(limiter.charge(request('AddOrder', { pair: 'ETHUSD' }), market())).toBeNull();
    expect(limiter.charge({ ...request('AddOrder'), account: 'USER_1' }, market())).toBeNull();
    expect(limiter.charge(request('AddOrder'), market())).toBe(KRAKEN_ERRORS.orderRateLimit);
  });

  test('the counter sinks with time', () => {
    const settings = parseLimits({ tier: 'starter' }) as LimitsSettings;
    const limiter = new EngineLimiter(settings);
    for (let times = 0; times < 60; times++) expect(limiter.charge(request('AddOrder'), market())).toBeNull();
    expect(limiter.charge(request('AddOrder'), market())).toBe(KRAKEN_ERRORS.orderRateLimit);
    expect(limiter.charge(request('AddOrder', undefined, 999), market())).toBe(KRAKEN_ERRORS.orderRateLimit);
    expect(limiter.charge(request('AddOrder', undefined, 1_000), market())).toBeNull();
  });
});

describe('open orders of a pair', () => {
  test.each([
    ['a limit order', { pair: 'XBTUSD', ordertype: 'limit' }, 'AddOrder', 2],
    [
      'a batch of two',
      { pair: 'XBTUSD', orders: [{ ordertype: 'limit' }, { ordertype: 'limit' }] },
      'AddOrderBatch',
      1,
    ],
  ])('%s fits up to the maximum', (_what, params, method, open) => {
    const facts = market(open);
    expect(limiterOf(99).charge(request(method, params), facts)).toBeNull();
    expect(limiterOf(99).charge(request(method, params), market(open + 1))).toBe(KRAKEN_ERRORS.ordersLimit);
  });

  test('a market order needs no room, and an amendment neither', () => {
    const full = market(3);
    expect(
      limiterOf(99).charge(request('AddOrder', { pair: 'XBTUSD', ordertype: 'market' }), full),
    ).toBeNull();
    expect(limiterOf(99).charge(request('AmendOrder'), full)).toBeNull();
    const overfull = market(4);
    const atMarket = request('AddOrder', { pair: 'XBTUSD', ordertype: 'market' });
    expect(limiterOf(99).charge(atMarket, overfull)).toBeNull();
    const cancel = request('CancelOrderBatch', { pair: 'XBTUSD', orders: [{}, {}] });
    expect(limiterOf(99).charge(cancel, overfull)).toBeNull();
  });

  test('a pair that is not known is none of its business', () => {
    expect(limiterOf(99).charge(request('AddOrder', { pair: 'FOO' }), market(4))).toBeNull();
  });

  test.each([
    ['starter', 60, 60],
    ['intermediate', 80, 125],
    ['pro', 225, 180],
  ] as const)('tier %s has room for %d, and counts to %d', (tier, openOrdersMax, engineMax) => {
    const limiter = new EngineLimiter(parseLimits({ tier }) as LimitsSettings);
    const fits = market(openOrdersMax - 1);
    expect(limiter.charge(request('AddOrder'), fits)).toBeNull();
    expect(limiter.charge(request('AddOrder'), market(openOrdersMax))).toBe(KRAKEN_ERRORS.ordersLimit);
    for (let counted = 3; counted < engineMax; counted += 1) limiter.charge(request('AddOrder'), fits);
    expect(limiter.charge(request('AddOrder'), fits)).toBeNull();
    expect(limiter.charge(request('AddOrder'), fits)).toBe(KRAKEN_ERRORS.orderRateLimit);
  });
});
