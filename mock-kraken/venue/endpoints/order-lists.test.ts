import { describe, expect, test } from 'vitest';
import { Driver, type ShownOrder } from '../testing/driver.ts';

interface Closed {
  readonly closed: Readonly<Record<string, ShownOrder>>;
  readonly count?: number;
}

/** Orders that were placed a second apart, and canceled two minutes later in the same order. */
function canceledOrders(driver: Driver, count: number): readonly string[] {
  const txids = Array.from({ length: count }, (_, index) => {
    driver.wait(1000);
    return driver.order({ userref: index % 2 });
  });
  driver.wait(120_000);
  for (const txid of txids) {
    driver.wait(1000);
    driver.ok('CancelOrder', { txid });
  }
  return txids;
}

describe('OpenOrders', () => {
  test('shows the newest first, with trades only when asked', () => {
    const driver = new Driver();
    const [one, other] = [driver.order(), driver.order()];
    const { open } = driver.ok<{ open: Record<string, ShownOrder> }>('OpenOrders');
    expect(Object.keys(open)).toEqual([other, one]);
    expect(open[one]).not.toHaveProperty('trades');
    const asked = driver.ok<{ open: Record<string, ShownOrder> }>('OpenOrders', { trades: true });
    expect(asked.open[one]?.trades).toEqual([]);
  });

  test('filters by user reference and by client order id', () => {
    const driver = new Driver();
    const one = driver.order({ userref: 3 });
    const other = driver.order({ cl_ord_id: 'bot-1' });
    const keys = (params: object): readonly string[] =>
      Object.keys(driver.ok<{ open: object }>('OpenOrders', params).open);
    expect(keys({ userref: 3 })).toEqual([one]);
    expect(keys({ cl_ord_id: 'bot-1' })).toEqual([other]);
    expect(keys({ userref: 4 })).toEqual([]);
  });
});

describe('ClosedOrders', () => {
  test('shows 50 a page, newest first, and counts all', () => {
    const driver = new Driver();
    const txids = canceledOrders(driver, 60).toReversed();
    const first = driver.ok<Closed>('ClosedOrders');
    expect([Object.keys(first.closed), first.count]).toEqual([txids.slice(0, 50), 60]);
    const second = driver.ok<Closed>('ClosedOrders', { ofs: 50 });
    expect([Object.keys(second.closed), second.count]).toEqual([txids.slice(50), 60]);
    expect(driver.ok('ClosedOrders', { ofs: 50, without_count: true })).not.toHaveProperty('count');
  });

  test('starts after `start`, ends with `end`, by time or by id', () => {
    const driver = new Driver();
    const txids = canceledOrders(driver, 4);
    const closetm = (index: number): number => driver.query(txids[index] ?? '').closetm ?? 0;
    const between = driver.ok<Closed>('ClosedOrders', {
      start: closetm(0),
      end: closetm(2),
      closetime: 'close',
    });
    expect(Object.keys(between.closed)).toEqual([txids[2], txids[1]]);
    const after = driver.ok<Closed>('ClosedOrders', { start: txids[1], closetime: 'open' });
    expect(Object.keys(after.closed)).toEqual([txids[3], txids[2]]);
  });

  test('filters by user reference', () => {
    const driver = new Driver();
    const txids = canceledOrders(driver, 4);
    expect(Object.keys(driver.ok<Closed>('ClosedOrders', { userref: 1 }).closed)).toEqual([
      txids[3],
      txids[1],
    ]);
  });

  test.each([
    [{ ofs: '-1' }, 'EGeneral:Invalid arguments:ofs'],
    [{ start: 'OAAAAA-BBBBB-CCCCCC' }, 'EGeneral:Invalid arguments:start'],
    [{ closetime: 'never' }, 'EGeneral:Invalid arguments:closetime'],
    [{ userref: 'x' }, 'EGeneral:Invalid arguments:userref'],
  ])('%j: %s', (params, error) => {
    expect(new Driver().error('ClosedOrders', params)).toBe(error);
  });

  test('forgets the oldest beyond its limit', () => {
    const driver = new Driver({ closedOrdersMax: 3 });
    const txids = canceledOrders(driver, 5);
    expect(Object.keys(driver.ok<Closed>('ClosedOrders').closed)).toEqual(txids.slice(2).toReversed());
    expect(driver.error('QueryOrders', { txid: txids[0] })).toBe('EOrder:Unknown order');
  });
});

describe('QueryOrders', () => {
  test('finds open and closed orders together', () => {
    const driver = new Driver();
    const [one, other] = [driver.order(), driver.order()];
    driver.ok('CancelOrder', { txid: one });
    const found = driver.ok<Record<string, ShownOrder>>('QueryOrders', { txid: `${one},${other}` });
    expect([found[one]?.status, found[other]?.status]).toEqual(['canceled', 'open']);
  });

  test.each([
    [{}, 'EGeneral:Invalid arguments:txid'],
    [{ txid: 'OAAAAA-BBBBB-CCCCCC' }, 'EOrder:Unknown order'],
    [{ txid: Array.from({ length: 51 }, String).join() }, 'EGeneral:Invalid arguments:txid'],
  ])('%j: %s', (params, error) => {
    expect(new Driver().error('QueryOrders', params)).toBe(error);
  });

  test('does not show the orders of somebody else', () => {
    const driver = new Driver();
    const txid = driver.order();
    driver.account = 'USER_1';
    expect(driver.error('QueryOrders', { txid })).toBe('EOrder:Unknown order');
  });
});
