import { describe, expect, test } from 'vitest';
import { Driver } from '../testing/driver.ts';

describe('withdrawals', () => {
  test('take the amount at once, the fee out of it, and show in ledger and status', () => {
    const driver = new Driver();
    expect(driver.ok('WithdrawInfo', { asset: 'XBT', key: 'cold', amount: '1' })).toEqual({
      method: 'Bitcoin',
      limit: '2.0000000000',
      amount: '0.9995000000',
      fee: '0.0005000000',
    });
    const reply = driver.json('Withdraw', { asset: 'XBT', key: 'cold', amount: '1' });
    const { refid } = reply.result as { refid: string };
    expect(reply.effect).toEqual({ kind: 'transfer', ids: [refid] });
    expect(driver.money('XXBT')[0]).toBe('1.0000000000');
    expect(driver.ok('WithdrawStatus')).toMatchObject([
      { refid, asset: 'XXBT', amount: '0.9995000000', status: 'Success' },
    ]);
    expect(driver.ok('WithdrawStatus', { asset: 'ZUSD' })).toEqual([]);
    expect(driver.ok('WithdrawCancel', { asset: 'XBT', refid })).toBe(false);
    expect(driver.venue.totals('XBT')).toEqual({
      accounts: '3',
      house: '0',
      fees: '0.0005',
      putIn: '3.0005',
    });
  });

  test.each([
    ['Withdraw', { asset: 'XBT', amount: '1' }, 'EGeneral:Invalid arguments:key'],
    ['Withdraw', { asset: 'NOPE', key: 'a', amount: '1' }, 'EFunding:Unknown asset'],
    ['Withdraw', { asset: 'XBT', key: 'a', amount: '2.1' }, 'EFunding:Invalid amount'],
    ['Withdraw', { asset: 'XBT', key: 'a', amount: '0.0005' }, 'EFunding:Invalid amount'],
    ['Withdraw', { asset: 'USD', key: 'a', amount: '5.00001' }, 'EFunding:Invalid amount'],
    ['Withdraw', { asset: 'XBT', key: 'a', amount: '1', max_fee: '0.0001' }, 'EFunding:Max fee exceeded'],
    ['WithdrawCancel', { asset: 'XBT', refid: 'FAAAAA-BBBBB-CCCCCC' }, 'EFunding:Unknown reference id'],
    ['DepositAddresses', { asset: 'XBT', method: 'Pigeon' }, 'EFunding:No funding method'],
    [
      'WalletTransfer',
      { asset: 'XBT', from: 'Spot Wallet', to: 'Moon', amount: '1' },
      'EGeneral:Invalid arguments:from',
    ],
  ])('%s %j: %s', (method, params, error) => {
    expect(new Driver().error(method, params)).toBe(error);
  });

  test('cannot take what orders hold', () => {
    const driver = new Driver();
    driver.order({ type: 'sell', price: '60000', volume: '1.5' });
    expect(driver.error('Withdraw', { asset: 'XBT', key: 'a', amount: '1' })).toBe('EFunding:Invalid amount');
  });
});

test('deposits have methods and addresses, and never arrive', () => {
  const driver = new Driver();
  expect(driver.ok('DepositMethods', { asset: 'XBT' })).toMatchObject([
    { method: 'Bitcoin', 'gen-address': true },
  ]);
  expect(driver.ok('DepositAddresses', { asset: 'XBT', method: 'Bitcoin' })).toMatchObject([
    { address: 'mock-xbt-MASTER' },
  ]);
  expect(driver.ok('DepositStatus')).toEqual([]);
  expect(driver.ok('WithdrawMethods', { asset: 'ZUSD' })).toMatchObject([{ asset: 'ZUSD' }]);
  expect(driver.ok('WithdrawAddresses')).toEqual([]);
});

describe('transfers', () => {
  test('WalletTransfer moves money out of the spot wallet', () => {
    const driver = new Driver();
    driver.ok('WalletTransfer', { asset: 'XBT', from: 'Spot Wallet', to: 'Futures Wallet', amount: '0.5' });
    expect(driver.money('XXBT')[0]).toBe('1.5000000000');
  });

  test('AccountTransfer moves money to another account', () => {
    const driver = new Driver();
    const reply = driver.json('AccountTransfer', {
      asset: 'XBT',
      amount: '0.5',
      from: 'MASTER',
      to: 'USER_1',
    });
    expect(reply).toMatchObject({ result: { status: 'complete' }, effect: { kind: 'transfer' } });
    expect(driver.money('XXBT')[0]).toBe('1.5000000000');
    driver.account = 'USER_1';
    expect(driver.money('XXBT')[0]).toBe('2.5000000000');
    expect(driver.venue.totals('XBT')).toMatchObject({ accounts: '4', putIn: '4' });
  });

  test.each([
    [{ from: 'USER_1', to: 'MASTER' }, 'EGeneral:Invalid arguments:from'],
    [{ from: 'MASTER', to: 'MASTER' }, 'EGeneral:Invalid arguments:to'],
    [{ from: 'MASTER', to: 'NOBODY' }, 'EGeneral:Invalid arguments:to'],
  ])('AccountTransfer %j: %s', (ends, error) => {
    expect(new Driver().error('AccountTransfer', { asset: 'XBT', amount: '0.5', ...ends })).toBe(error);
  });

  test('CreateSubaccount says yes', () => {
    expect(new Driver().ok('CreateSubaccount', { username: 'a', email: 'a@example.com' })).toBe(true);
    expect(new Driver().error('CreateSubaccount', { username: 'a' })).toBe(
      'EGeneral:Invalid arguments:email',
    );
  });
});

describe('earn', () => {
  test('accepts an allocation to a strategy on offer, and it is done at once', () => {
    const driver = new Driver();
    const { items } = driver.ok<{ items: { id: string }[] }>('Earn/Strategies');
    const strategy = { strategy_id: items[0]?.id };
    expect(driver.ok('Earn/Allocate', { ...strategy, amount: '1' })).toBe(true);
    expect(driver.ok('Earn/AllocateStatus', strategy)).toEqual({ pending: false });
    expect(driver.ok('Earn/Deallocate', { ...strategy, amount: '1' })).toBe(true);
    expect(driver.ok('Earn/Allocations')).toMatchObject({ items: [] });
    expect(driver.error('Earn/Allocate', { ...strategy, amount: '0.001' })).toBe(
      'EEarnings:Below min:amount',
    );
    expect(driver.error('Earn/Allocate', { strategy_id: 'x', amount: '1' })).toBe(
      'EGeneral:Invalid arguments:strategy_id',
    );
  });
});

test('what the mock does not do, it says', () => {
  const driver = new Driver();
  expect(driver.ok('CreditLines')).toEqual({ asset_details: {}, limits_monitor: {} });
});

test('Level3 shows the book of the house', () => {
  const driver = new Driver();
  const { pair, bids, asks } = driver.ok<Record<'bids' | 'asks', unknown[]> & { pair: string }>('Level3', {
    pair: 'XBTUSD',
    depth: 10,
  });
  expect([pair, bids.length, asks.length]).toEqual(['XBT/USD', 10, 10]);
  expect(driver.error('Level3', { pair: 'XBTUSD', depth: 3 })).toBe('EGeneral:Invalid arguments:depth');
});
