import { describe, expect, test } from 'vitest';
import { Driver } from '../testing/driver.ts';

describe('EditOrder', () => {
  test('cancels the order and places another in its stead', () => {
    const driver = new Driver();
    const old = driver.order({ userref: 5 });
    const reply = driver.json('EditOrder', {
      txid: old,
      pair: 'XBTUSD',
      price: '41000',
      volume: '0.02',
      userref: 6,
    });
    const { txid } = reply.result as { txid: string };
    expect(reply.result).toEqual({
      status: 'ok',
      txid: expect.stringMatching(/^O/),
      originaltxid: old,
      volume: '0.02000000',
      price: '41000.0',
      price2: '',
      orders_cancelled: 1,
      descr: { order: 'buy 0.02000000 XBTUSD @ limit 41000.0' },
      newuserref: '6',
      olduserref: '5',
    });
    expect(reply.effect).toEqual({ kind: 'amend', ids: [txid, old] });
    expect([driver.query(old).status, driver.query(txid).status]).toEqual(['canceled', 'open']);
  });

  test('counts what the old order held as available', () => {
    const driver = new Driver();
    const old = driver.order({ volume: '2.4' });
    expect(driver.error('EditOrder', { txid: old, pair: 'XBTUSD', volume: '2.45' })).toBeUndefined();
  });

  test('that is refused leaves the old order as it was', () => {
    const driver = new Driver();
    const old = driver.order();
    expect(driver.error('EditOrder', { txid: old, pair: 'XBTUSD', volume: '3' })).toBe(
      'EOrder:Insufficient funds',
    );
    expect(driver.query(old).status).toBe('open');
  });

  test('of a partly executed order moves what is left', () => {
    const driver = new Driver();
    const old = driver.order({ price: '50000.1', volume: '1.5' });
    const { vol_exec: executed } = driver.query(old);
    const { volume } = driver.ok<{ volume: string }>('EditOrder', {
      txid: old,
      pair: 'XBTUSD',
      price: '49000',
    });
    expect(Number(volume)).toBeCloseTo(1.5 - Number(executed), 8);
    const { txid } = driver.ok<{ txid: string }>('EditOrder', {
      txid: driver.order(),
      pair: 'XBTUSD',
      price: '40001',
    });
    expect(driver.query(txid).vol).toBe('0.01000000');
  });

  test('to less than was executed is refused', () => {
    const driver = new Driver();
    const txid = driver.order({ price: '50000.1', volume: '1.5' });
    expect(driver.error('EditOrder', { txid, pair: 'XBTUSD', volume: '0.1' })).toBe(
      'EOrder:Not enough leaves qty',
    );
  });

  test('with validate places and cancels nothing', () => {
    const driver = new Driver();
    const txid = driver.order();
    const reply = driver.json('EditOrder', { txid, pair: 'XBTUSD', price: '41000', validate: true });
    expect(reply).toEqual({ error: [], result: { descr: { order: expect.any(String) } }, effect: null });
    expect(driver.query(txid).status).toBe('open');
  });

  test('keeps stops, trailing distances and expiries', () => {
    const driver = new Driver();
    const old = driver.order({
      type: 'sell',
      ordertype: 'trailing-stop',
      price: '+1000',
      volume: '0.1',
      expiretm: '+60',
    });
    const { txid } = driver.ok<{ txid: string }>('EditOrder', { txid: old, pair: 'XBTUSD', volume: '0.2' });
    expect(driver.query(txid)).toMatchObject({ vol: '0.20000000', stopprice: '49000.00000' });
    driver.wait(60_000);
    expect(driver.query(txid).status).toBe('expired');
  });

  test.each([
    [{ cl_ord_id: 'bot-1' }, {}, 'EOrder:Order not editable'],
    [{ 'close[ordertype]': 'limit', 'close[price]': '60000' }, {}, 'EOrder:Order not editable'],
    [{}, { pair: 'ETHUSD' }, 'EGeneral:Invalid arguments:pair'],
    [{}, { oflags: 'fcib' }, 'EGeneral:Invalid arguments:oflags'],
    [{}, { txid: 'OAAAAA-BBBBB-CCCCCC' }, 'EOrder:Unknown order'],
    [{}, { txid: undefined }, 'EGeneral:Invalid arguments:txid'],
  ])('of %j with %j: %s', (placed, params, error) => {
    const driver = new Driver();
    const txid = driver.order(placed);
    expect(driver.error('EditOrder', { txid, pair: 'XBTUSD', price: '41000', ...params })).toBe(error);
  });
});
