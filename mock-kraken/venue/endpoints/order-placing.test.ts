import { describe, expect, test } from 'vitest';
import { Driver, restingBuy, startMs } from '../testing/driver.ts';

describe('a limit order', () => {
  test('that does not cross rests, and holds its cost and the higher fee', () => {
    const driver = new Driver();
    const reply = driver.json('AddOrder', restingBuy);
    const txid = driver.query(Object.keys(driver.ok<{ open: object }>('OpenOrders').open)[0] ?? '');
    expect(reply.result).toEqual({
      descr: { order: 'buy 0.01000000 XBTUSD @ limit 40000.0' },
      txid: [expect.stringMatching(/^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/)],
    });
    expect(reply.effect).toEqual({ kind: 'order', ids: (reply.result as { txid: string[] }).txid });
    expect(txid).toMatchObject({ status: 'open', vol: '0.01000000', vol_exec: '0.00000000', oflags: 'fciq' });
    expect(driver.money('ZUSD')).toEqual(['100000.0000', '401.6000']);
  });

  test('that crosses trades at the price on offer, not at its own, and pays the fee of a taker', () => {
    const driver = new Driver();
    const order = driver.query(driver.order({ price: '51000' }));
    expect(order).toMatchObject({
      status: 'closed',
      price: '50000.10000',
      cost: '500.00100',
      fee: '2.00000',
    });
    expect(driver.money('ZUSD')).toEqual(['99497.9990', '0.0000']);
    expect(driver.money('XXBT')).toEqual(['2.0100000000', '0.0000000000']);
  });

  test('trades when the price walks through it, at its own price, and pays the fee of a maker', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.price('40000.0');
    expect(driver.query(txid).status).toBe('open');
    driver.price('39999.9');
    expect(driver.query(txid)).toMatchObject({
      status: 'closed',
      price: '40000.00000',
      cost: '400.00000',
      fee: '1.00000',
    });
    expect(driver.money('ZUSD')).toEqual(['99599.0000', '0.0000']);
  });

  test('trades by itself when the seeded price comes its way', () => {
    const driver = new Driver();
    driver.venue.releasePrice('XBTUSD', startMs);
    const [[bid]] = driver.public<Record<string, { bids: [[string]] }>>('Depth', {
      pair: 'XBTUSD',
      count: 1,
    })['XXBTZUSD']?.bids ?? [['']];
    const txid = driver.order({ price: bid });
    for (let minute = 0; minute < 120 && driver.query(txid).status === 'open'; minute += 1)
      driver.wait(60_000);
    expect(driver.query(txid)).toMatchObject({ status: 'closed', fee: expect.stringMatching(/^1\.[45]/) });
  });

  test('larger than the offers within its limit takes them and rests with what is left', () => {
    const driver = new Driver();
    const txid = driver.order({ price: '50000.2', volume: '1.9' });
    const order = driver.query(txid);
    expect(order).toMatchObject({ status: 'open', misc: 'partial' });
    expect(order.trades).toHaveLength(2);
    const left = 1.9 - Number(order.vol_exec);
    expect(Number(driver.money('ZUSD')[1])).toBeCloseTo(left * 50000.2 * 1.004, 3);
  });
});

describe('a market order', () => {
  test('trades at once, through as many levels as it needs', () => {
    const driver = new Driver();
    const order = driver.query(
      driver.order({ ordertype: 'market', type: 'sell', volume: '2', price: undefined }),
    );
    expect(order).toMatchObject({ status: 'closed', vol_exec: '2.00000000' });
    expect(order.descr).toMatchObject({ order: 'sell 2.00000000 XBTUSD @ market', price: '0' });
    expect(order.trades.length).toBeGreaterThan(2);
    expect(Number(order.price)).toBeLessThan(50000);
  });

  test('with viqc spends an amount of quote currency, and shows it as its volume', () => {
    const driver = new Driver();
    const order = driver.query(driver.order({ ordertype: 'market', volume: '1000', oflags: 'viqc' }));
    expect(order).toMatchObject({
      status: 'closed',
      vol: '1000.00000000',
      vol_exec: '0.01999996',
      oflags: 'viqc,fciq',
    });
    expect(Number(order.cost)).toBeCloseTo(1000, 2);
  });

  test('beyond the whole book is canceled after what there was', () => {
    const driver = new Driver();
    driver.venue.setBalance('MASTER', 'XBT', '100000', driver.atMs);
    const order = driver.query(driver.order({ ordertype: 'market', type: 'sell', volume: '100000' }));
    expect(order).toMatchObject({ status: 'canceled', reason: 'No liquidity' });
    expect(Number(order.vol_exec)).toBeGreaterThan(100);
  });
});

describe('flags and times in force', () => {
  test('post-only is asked of a scheduled order when it starts, not when it is placed', () => {
    const driver = new Driver();
    const scheduled = { oflags: 'post', price: '50000.1', starttm: '+10' };
    const [takes, rests] = [driver.order(scheduled), driver.order(scheduled)];
    expect(driver.query(takes).status).toBe('pending');
    driver.ok('CancelOrder', { txid: rests });
    driver.wait(9_999);
    expect(driver.query(takes).status).toBe('pending');
    driver.wait(1);
    expect(driver.query(takes)).toMatchObject({
      status: 'canceled',
      reason: 'Post only order',
      vol_exec: '0.00000000',
    });
    const later = driver.order(scheduled);
    driver.price('51000.0');
    driver.wait(10_000);
    expect(driver.query(later).status).toBe('open');
  });

  test('post-only refuses what would take, and rests otherwise', () => {
    const driver = new Driver();
    expect(driver.refused({ oflags: 'post', price: '50000.1' })).toBe('EOrder:Post only order');
    expect(driver.query(driver.order({ oflags: 'post', price: '50000' }))).toMatchObject({
      status: 'open',
      oflags: 'post,fciq',
    });
  });

  test('IOC takes what there is and cancels the rest', () => {
    const driver = new Driver();
    const order = driver.query(driver.order({ timeinforce: 'IOC', price: '50000.1', volume: '1.5' }));
    expect(order.status).toBe('canceled');
    expect(Number(order.vol_exec)).toBeGreaterThan(0);
    expect(driver.money('ZUSD')[1]).toBe('0.0000');
    expect(driver.query(driver.order({ timeinforce: 'IOC' }))).toMatchObject({
      status: 'canceled',
      vol_exec: '0.00000000',
    });
  });

  test('FOK is all or nothing', () => {
    const driver = new Driver();
    expect(driver.query(driver.order({ timeinforce: 'FOK', price: '50000.1', volume: '1.5' }))).toMatchObject(
      {
        status: 'canceled',
        vol_exec: '0.00000000',
      },
    );
    expect(driver.query(driver.order({ timeinforce: 'FOK', price: '50000.1' })).status).toBe('closed');
  });

  test('GTD expires at its second, not before', () => {
    const driver = new Driver();
    const txid = driver.order({ timeinforce: 'GTD', expiretm: '+30' });
    driver.wait(29_999);
    expect(driver.query(txid).status).toBe('open');
    driver.wait(1);
    expect(driver.query(txid)).toMatchObject({ status: 'expired', closetm: startMs / 1000 + 30 });
    expect(driver.money('ZUSD')[1]).toBe('0.0000');
  });

  test.each([
    [{ timeinforce: 'GTD' }, 'EGeneral:Invalid arguments:expiretm'],
    [{ expiretm: '+4' }, 'EGeneral:Invalid arguments:expiretm'],
    [{ expiretm: '+9999999' }, 'EGeneral:Invalid arguments:expiretm'],
    [{ expiretm: ' 60' }, 'EGeneral:Invalid arguments:expiretm'],
    [{ timeinforce: 'IOC', oflags: 'post' }, 'EGeneral:Invalid arguments:timeinforce'],
    [{ oflags: 'fcib,fciq' }, 'EGeneral:Invalid arguments:oflags'],
    [{ oflags: 'viqc' }, 'EGeneral:Invalid arguments:oflags'],
    [{ oflags: 'fast' }, 'EGeneral:Invalid arguments:oflags'],
    [{ ordertype: 'market', oflags: 'post' }, 'EGeneral:Invalid arguments:oflags'],
    [
      { 'close[ordertype]': 'limit', 'close[price]': 'x'.repeat(1_999) },
      'EGeneral:Invalid arguments:close[price]',
    ],
    [{ close: { ordertype: 'limit', price2: '1e5' } }, 'EGeneral:Invalid arguments:close[price2]'],
  ])('%j is refused', (params, error) => {
    expect(new Driver().refused(params)).toBe(error);
  });

  test('fcib takes the fee in the base asset', () => {
    const driver = new Driver();
    driver.order({ price: '51000', oflags: 'fcib' });
    expect(driver.money('XXBT')[0]).toBe('2.0099600000');
    expect(driver.money('ZUSD')[0]).toBe('99499.9990');
  });

  test("the asset of a sell order's fee is an option", () => {
    const sell = { type: 'sell', price: '49000' };
    const quote = new Driver();
    quote.order(sell);
    expect([quote.money('XXBT')[0], quote.money('ZUSD')[0]]).toEqual(['1.9900000000', '100498.0000']);
    const base = new Driver({ sellFeeIn: 'base' });
    base.order(sell);
    expect([base.money('XXBT')[0], base.money('ZUSD')[0]]).toEqual(['1.9899600000', '100500.0000']);
  });

  test('an order with a start time waits for it', () => {
    const driver = new Driver();
    const txid = driver.order({ starttm: '+10', price: '51000' });
    expect(driver.query(txid).status).toBe('pending');
    driver.wait(10_000);
    expect(driver.query(txid)).toMatchObject({ status: 'closed', closetm: startMs / 1000 + 10 });
  });
});

describe('what Kraken refuses', () => {
  test.each([
    [{ pair: undefined }, 'EGeneral:Invalid arguments:pair'],
    [{ pair: 'FOOUSD' }, 'EQuery:Unknown asset pair'],
    [{ type: undefined }, 'EGeneral:Invalid arguments:type'],
    [{ ordertype: 'magic' }, 'EGeneral:Invalid arguments:ordertype'],
    [{ ordertype: 'settle-position' }, 'EOrder:Unknown position'],
    [{ price: undefined }, 'EGeneral:Invalid arguments:price'],
    [{ price: '0' }, 'EGeneral:Invalid arguments:price'],
    [{ price: 'cheap' }, 'EGeneral:Invalid arguments:price'],
    [{ price: '40000.05' }, 'EOrder:Invalid price:XXBTZUSD price can only be specified up to 1 decimals.'],
    [{ volume: undefined }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: '0' }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: '-1' }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: '0.123456789' }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: '1e-2' }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: '0.00004999' }, 'EOrder:Order minimum not met'],
    [{ price: '100', volume: '0.0001' }, 'EOrder:Cost minimum not met'],
    [{ volume: '3' }, 'EOrder:Insufficient funds'],
    [{ type: 'sell', volume: '2.00000001', price: '60000' }, 'EOrder:Insufficient funds'],
    [{ leverage: '2:1' }, 'EOrder:Cannot open position'],
    [{ reduce_only: true }, 'EOrder:Reduce only:No position exists'],
    [{ userref: '2147483648' }, 'EGeneral:Invalid arguments:userref'],
    [{ userref: '1', cl_ord_id: 'a' }, 'EGeneral:Invalid arguments:cl_ord_id'],
    [{ cl_ord_id: 'longer-than-eighteen' }, 'EGeneral:Invalid arguments:cl_ord_id'],
    [{ deadline: 'soon' }, 'EGeneral:Invalid arguments:deadline'],
    [{ deadline: new Date(startMs - 1).toISOString() }, 'EService:Deadline elapsed'],
    [{ deadline: new Date(startMs + 1000).toISOString() }, 'EGeneral:Invalid arguments:deadline'],
    [{ deadline: new Date(startMs + 61_000).toISOString() }, 'EGeneral:Invalid arguments:deadline'],
    [{ stptype: 'cancel-none' }, 'EGeneral:Invalid arguments:stptype'],
    [{ ordertype: 'iceberg', displayvol: '0.0001' }, 'EGeneral:Invalid arguments:displayvol'],
    [{ 'close[ordertype]': 'market' }, 'EGeneral:Invalid arguments:close[ordertype]'],
  ])('%j: %s', (params, error) => {
    const driver = new Driver();
    expect(driver.refused(params)).toBe(error);
    expect(driver.money('ZUSD')).toEqual(['100000.0000', '0.0000']);
    expect(driver.ok('OpenOrders')).toEqual({ open: {} });
  });

  test('the words for a volume below the minimum are an option', () => {
    const orderMinimumError = 'EGeneral:Invalid arguments:volume minimum not met';
    expect(new Driver({ orderMinimumError }).refused({ volume: '0.00001' })).toBe(orderMinimumError);
  });

  test('funds that one order holds are not there for the next, until it is canceled', () => {
    const driver = new Driver();
    const txid = driver.order({ volume: '2' });
    expect(driver.refused({ volume: '1' })).toBe('EOrder:Insufficient funds');
    driver.ok('CancelOrder', { txid });
    expect(driver.refused({ volume: '1' })).toBeUndefined();
  });
});

describe('validate', () => {
  test.each([[true], ['true'], ['True'], ['False'], ['1']])(
    '%j places nothing and answers without an id',
    (validate) => {
      const driver = new Driver();
      const reply = driver.call('AddOrder', { ...restingBuy, validate });
      expect(reply).toEqual({
        error: [],
        result: { descr: { order: 'buy 0.01000000 XBTUSD @ limit 40000.0' } },
        effect: null,
      });
      expect(driver.ok('OpenOrders')).toEqual({ open: {} });
    },
  );

  test.each([[false], ['false'], ['0'], ['']])('%j places the order', (validate) => {
    expect(new Driver().call('AddOrder', { ...restingBuy, validate }).effect).not.toBeNull();
  });

  test('checks the funds too', () => {
    expect(new Driver().refused({ volume: '3', validate: true })).toBe('EOrder:Insufficient funds');
  });
});

describe('references', () => {
  test('a user reference may repeat, and is shown', () => {
    const driver = new Driver();
    const [one, other] = [driver.order({ userref: '7' }), driver.order({ userref: 7 })];
    expect([driver.query(one).userref, driver.query(other).userref]).toEqual([7, 7]);
  });

  test('a client order id is unique among the open orders of its account, and free again afterwards', () => {
    const driver = new Driver();
    const id = '6d1b345e-2821-40e2-ad83-4ecb18a06876';
    const txid = driver.order({ cl_ord_id: id });
    expect(driver.refused({ cl_ord_id: id })).toBe('EGeneral:Invalid arguments:cl_ord_id not unique');
    driver.account = 'USER_1';
    expect(driver.refused({ cl_ord_id: id })).toBeUndefined();
    driver.account = 'MASTER';
    driver.ok('CancelOrder', { cl_ord_id: id });
    expect(driver.query(txid)).toMatchObject({ status: 'canceled', cl_ord_id: id });
    expect(driver.refused({ cl_ord_id: id })).toBeUndefined();
  });
});

test('pairs go by id, altname and websocket name; unknown parameters are ignored', () => {
  const driver = new Driver();
  for (const pair of ['XXBTZUSD', 'XBTUSD', 'XBT/USD']) {
    expect(driver.query(driver.order({ pair, nonceproof_call: 'x', broker: 'y' })).descr['pair']).toBe(
      'XBTUSD',
    );
  }
});

test('a relative price is relative to the last trade', () => {
  const driver = new Driver();
  for (const [price, shown] of [
    ['-10%', '45000.0'],
    ['-0.1', '49999.9'],
    ['#5000', '45000.0'],
  ] as const) {
    expect(driver.query(driver.order({ price })).descr['price']).toBe(shown);
  }
});
