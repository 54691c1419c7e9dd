import { describe, expect, test } from 'vitest';
import { createVenue } from './create-venue.ts';
import { Driver, restingBuy, startMs } from './testing/driver.ts';

/** The replies of a busy hour. */
function busyHour(driver: Driver): readonly unknown[] {
  const replies: unknown[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    driver.wait(60_000);
    const type = minute % 2 === 0 ? 'buy' : 'sell';
    replies.push(
      driver.json('AddOrder', { ...restingBuy, pair: 'ETHUSD', type, price: '#0.1%', volume: '0.1' }),
    );
    replies.push(
      driver.json('BalanceEx'),
      driver.json('OpenOrders'),
      driver.venue.callPublic('Ticker', {}, driver.atMs),
    );
  }
  return replies;
}

describe('a venue', () => {
  test('gives the same replies to the same calls, and others for another seed', () => {
    const [one, same, other] = [
      new Driver({ seed: 1 }),
      new Driver({ seed: 1 }),
      new Driver({ seed: 2 }),
    ].map(busyHour);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('after a reset is as it was after its accounts were opened', () => {
    const driver = new Driver();
    const first = busyHour(driver);
    driver.venue.reset();
    driver.atMs = startMs;
    driver.price('50000.0');
    expect(busyHour(driver)).toEqual(first);
  });

  test('never goes back in time', () => {
    const driver = new Driver();
    const txid = driver.order({ expiretm: '+60' });
    driver.wait(60_000);
    expect(driver.query(txid).status).toBe('expired');
    driver.wait(-60_000);
    expect(driver.query(txid).status).toBe('expired');
    expect(driver.query(driver.order()).opentm).toBe(startMs / 1000 + 60);
  });

  test('looks at a long silence in steps, and finds what was due in it', () => {
    const driver = new Driver();
    driver.venue.releasePrice('XBTUSD', startMs);
    const expiring = driver.order({ price: '1000', expiretm: '+86400' });
    const filling = driver.order({ price: '-1%' });
    driver.wait(30 * 86_400_000);
    expect(driver.query(expiring)).toMatchObject({ status: 'expired', closetm: startMs / 1000 + 86_400 });
    expect(driver.query(filling)).toMatchObject({ status: 'closed', fee: expect.stringMatching(/^1\./) });
  });
});

describe('default balances', () => {
  test("suffice for 100 accounts that place 30 orders each, like that of Kraken's signature example", () => {
    const venue = createVenue();
    const order = { ordertype: 'limit', pair: 'XBTUSD', type: 'buy' };
    for (let number = 0; number < 100; number += 1) {
      const account = `USER_${number}`;
      venue.openAccount(account);
      for (let count = 0; count < 30; count += 1) {
        const params = { ...order, price: '37500', volume: '1.25' };
        expect(
          venue.callPrivate({ account, method: 'AddOrder', params, encoding: 'form', atMs: startMs }).error,
        ).toEqual([]);
      }
    }
    expect(venue.openOrderCount('USER_99', 'XXBTZUSD')).toBe(30);
  });

  test('can be given, by any name of an asset', () => {
    const venue = createVenue();
    venue.openAccount('MASTER', { USD: '5', XXBT: '1' });
    const { result } = venue.callPrivate({
      account: 'MASTER',
      method: 'Balance',
      params: {},
      encoding: 'form',
      atMs: 0,
    });
    expect(result).toEqual({ ZUSD: '5.0000', XXBT: '1.0000000000' });
  });
});

describe('what the limiter asks', () => {
  test('knows a pair by any of its names', () => {
    const { venue } = new Driver();
    expect(['XXBTZUSD', 'XBTUSD', 'XBT/USD', 'NOPE'].map((name) => venue.pairId(name))).toEqual([
      'XXBTZUSD',
      'XXBTZUSD',
      'XXBTZUSD',
      null,
    ]);
  });

  test('counts open orders by pair and account, as of a moment', () => {
    const driver = new Driver();
    driver.order({ expiretm: '+60' });
    driver.order();
    driver.order({ pair: 'XBTEUR', type: 'sell', price: '90000' });
    expect(driver.venue.openOrderCount('MASTER', 'XXBTZUSD')).toBe(2);
    expect(driver.venue.openOrderCount('USER_1', 'XXBTZUSD')).toBe(0);
    expect(driver.venue.openOrderCount('MASTER', 'XXBTZUSD', startMs + 60_000)).toBe(1);
  });

  test('finds the orders that a request would touch, with their ages, and touches none', () => {
    const driver = new Driver();
    const [one, other] = [
      driver.order({ userref: 1 }),
      driver.order({ userref: 1, pair: 'XBTEUR', type: 'sell', price: '90000' }),
    ];
    driver.wait(7000);
    const touched = (method: string, params: object): readonly unknown[] =>
      driver.venue.ordersTouched({
        account: 'MASTER',
        method,
        params: { ...params },
        encoding: 'json',
        atMs: driver.atMs,
      });
    const ages = [
      { txid: one, pair: 'XXBTZUSD', ageMs: 7000 },
      { txid: other, pair: 'XXBTZEUR', ageMs: 7000 },
    ];
    expect(touched('CancelOrder', { txid: 1 })).toEqual(ages);
    expect(touched('CancelAll', {})).toEqual(ages);
    expect(touched('CancelOrderBatch', { orders: [other] })).toEqual(ages.slice(1));
    expect(touched('AmendOrder', { txid: one })).toEqual(ages.slice(0, 1));
    expect(touched('EditOrder', { txid: one, pair: 'XBTUSD' })).toEqual(ages.slice(0, 1));
    expect(touched('CancelOrder', {})).toEqual([]);
    expect(touched('AddOrder', {})).toEqual([]);
    expect(Object.keys(driver.ok<{ open: object }>('OpenOrders').open)).toHaveLength(2);
  });

  test('the age of an order that is over is none', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.wait(1500);
    expect(driver.venue.orderAge('MASTER', txid, driver.atMs)).toBe(1500);
    expect(driver.venue.orderAge('USER_1', txid, driver.atMs)).toBeNull();
    driver.ok('CancelAll');
    expect(driver.venue.orderAge('MASTER', txid, driver.atMs)).toBeNull();
  });
});

describe('what its keeper may do', () => {
  test('move a price by per cent, up and down', () => {
    const driver = new Driver();
    driver.venue.advancePrice('XBTUSD', '-0.5', startMs);
    expect(driver.public('Spread', { pair: 'XBTUSD', since: startMs / 1000 })).toMatchObject({
      XXBTZUSD: [[startMs / 1000, '49750.0', '49750.1']],
    });
  });

  test('set a balance, which shows in the ledger and counts as put in', () => {
    const driver = new Driver();
    driver.venue.setBalance('MASTER', 'XBT', '5', startMs);
    expect(driver.money('XXBT')[0]).toBe('5.0000000000');
    expect(driver.ok('Ledgers')).toMatchObject({ count: 1 });
    expect(driver.venue.totals('XXBT')).toEqual({ accounts: '7', house: '0', fees: '0', putIn: '7' });
  });

  test.each([
    ['an account twice', (driver: Driver) => driver.venue.openAccount('MASTER'), 'account_open'],
    [
      'an unknown account',
      (driver: Driver) => driver.venue.setBalance('NOBODY', 'XBT', '1', startMs),
      'unknown_account',
    ],
    ['an unknown asset', (driver: Driver) => driver.venue.totals('NOPE'), 'unknown_asset'],
    ['an unknown pair', (driver: Driver) => driver.venue.setPrice('NOPE', '1', startMs), 'unknown_pair'],
    ['a price between ticks', (driver: Driver) => driver.price('1.05'), 'bad_amount'],
    ['a price of nothing', (driver: Driver) => driver.price('0'), 'bad_amount'],
    [
      'a negative balance',
      (driver: Driver) => driver.venue.setBalance('MASTER', 'XBT', '-1', startMs),
      'bad_amount',
    ],
    [
      'a balance that is no number',
      (driver: Driver) => driver.venue.setBalance('MASTER', 'XBT', 'x', startMs),
      'bad_amount',
    ],
  ])('but not %s', (_, run, code) => {
    expect(() => run(new Driver())).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('Failed to') }),
    );
  });

  test('nor set a balance below what orders hold', () => {
    const driver = new Driver();
    driver.order();
    expect(() => driver.venue.setBalance('MASTER', 'ZUSD', '1', startMs)).toThrow('open orders hold 401.6');
  });
});

test('more open orders than the venue may hold are refused', () => {
  const driver = new Driver({ openOrdersMax: 2 });
  driver.order();
  driver.order();
  expect(driver.refused({})).toBe('EOrder:Orders limit exceeded');
});
