import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { money } from './catalog/index.ts';
import { privateEndpoints } from './endpoints/index.ts';
import { publicEndpoints } from './endpoints/public/index.ts';
import { Driver } from './testing/driver.ts';

/** Every parameter that some endpoint reads. */
const names = `
  pair type ordertype volume price price2 displayvol oflags timeinforce starttm expiretm userref
  cl_ord_id deadline validate close close[ordertype] close[price] leverage trigger txid orders
  cl_ord_ids order_qty limit_price trigger_price display_qty timeout trades ofs start end
  closetime without_count id asset amount key method from to max_fee strategy_id count since
  interval info depth order_id refid __proto__ constructor
`
  .trim()
  .split(/\s+/);

/** Values that are right somewhere, values that are right nowhere, and things that are no values at all. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    'XBTUSD',
    'ETHUSD',
    'buy',
    'sell',
    'limit',
    'market',
    'stop-loss',
    'trailing-stop-limit',
    'iceberg',
  ),
  fc.constantFrom<unknown>(
    '0.01',
    '40000',
    '+5%',
    '#10',
    '-1',
    '60000',
    '1',
    '7',
    '50',
    '+60',
    'XBT',
    'post',
    'IOC',
    'GTD',
  ),
  fc.constantFrom<unknown>(
    '1e400',
    '-0',
    'NaN',
    '9'.repeat(25),
    '0.' + '0'.repeat(30),
    '\u0000',
    ' 1',
    '',
    'x'.repeat(3000),
  ),
  fc.constantFrom<unknown>(null, true, false, Number.MAX_VALUE, Number.MIN_VALUE, -0, 1e21, [], {}, [[]], {
    ordertype: 'limit',
  }),
  fc.array(
    fc.constantFrom<unknown>(
      '7',
      7,
      null,
      {},
      { ordertype: 'limit', type: 'buy', price: '40000', volume: '0.01' },
    ),
  ),
  fc.string(),
  fc.jsonValue(),
);

const hostileCall = fc.record({
  method: fc.constantFrom(
    ...privateEndpoints.keys(),
    'AddOrder',
    'AddOrder',
    'AddOrder',
    'AmendOrder',
    'EditOrder',
    'Withdraw',
    'AccountTransfer',
  ),
  params: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 }),
  base: fc.constantFrom<object>(
    {},
    { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '40000', volume: '0.01' },
    { asset: 'XBT', key: 'cold', amount: '0.1', from: 'MASTER', to: 'USER_1' },
    { txid: '7', pair: 'XBTUSD' },
  ),
  encoding: fc.constantFrom<'form' | 'json'>('form', 'json'),
  waitMs: fc.integer({ min: 0, max: 20_000 }),
});

/** Every reply is Kraken's envelope: an error and no result, or no error and a result. */
function expectEnvelope({
  error,
  ...reply
}: {
  readonly error: readonly string[];
  readonly result?: unknown;
}): void {
  for (const text of error) expect(text).toMatch(/^E[A-Za-z]+:.+/);
  expect('result' in reply).toBe(error.length === 0);
  expect(() => JSON.stringify(reply)).not.toThrow();
}

function expectConserved({ venue }: Driver): void {
  for (const asset of venue.assetIds()) {
    const { accounts, house, fees, putIn } = venue.totals(asset);
    expect(money(accounts).plus(house).plus(fees).eq(putIn)).toBe(true);
    expect(money(fees).lt('0')).toBe(false);
  }
}

test('no parameters make a private endpoint throw, answer out of form, or lose money', () => {
  fc.assert(
    fc.property(fc.array(hostileCall, { minLength: 1, maxLength: 20, size: 'max' }), (calls) => {
      const driver = new Driver();
      driver.order({ userref: 7 });
      for (const { method, params, base, encoding, waitMs } of calls) {
        driver.wait(waitMs);
        const { account, atMs, venue } = driver;
        expectEnvelope(
          venue.callPrivate({ account, method, params: { ...base, ...params }, encoding, atMs }),
        );
      }
      expectConserved(driver);
    }),
    { seed: 20261122, numRuns: 150 },
  );
});

test('no parameters make a public endpoint throw or answer out of form', () => {
  const call = fc.record({
    method: fc.constantFrom(...publicEndpoints.keys()),
    params: fc.dictionary(fc.constantFrom(...names), value),
  });
  fc.assert(
    fc.property(call, fc.nat(), ({ method, params }, atMs) => {
      expectEnvelope(new Driver().venue.callPublic(method, params, atMs));
    }),
    { seed: 20261122, numRuns: 300 },
  );
});
