import { describe, expect, test } from 'vitest';
import { KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { Driver } from '../testing/driver.ts';
import { tooManyPriceDecimals, TRADING_ERRORS } from './trading-errors.ts';

const crossing = { oflags: 'post', price: '60000' };

function askForReport(driver: Driver): string {
  return driver.ok<{ id: string }>('AddExport', { report: 'trades', description: 'mine' }).id;
}

/** Every driver's first. */
const firstReport = askForReport(new Driver());

/** A call that ends with each error, after an order with the client order id `bot-1` was placed and a report asked for. */
const raised: Readonly<Record<string, readonly [method: string, params: object]>> = {
  [TRADING_ERRORS.cannotOpenPosition]: ['order', { leverage: '3:1' }],
  [TRADING_ERRORS.reduceOnlyWithoutPosition]: ['order', { reduce_only: 'true' }],
  [TRADING_ERRORS.unknownPosition]: ['order', { ordertype: 'settle-position' }],
  [TRADING_ERRORS.postOnly]: ['order', crossing],
  [TRADING_ERRORS.notEnoughLeaves]: ['EditOrder', { txid: '7', pair: 'XBTUSD', volume: '0.001' }],
  [TRADING_ERRORS.clientOrderIdInUse]: ['order', { cl_ord_id: 'bot-1' }],
  [TRADING_ERRORS.invalidAmount]: ['Withdraw', { asset: 'XBT', key: 'a', amount: '1000' }],
  [TRADING_ERRORS.unknownFundingAsset]: ['DepositMethods', { asset: 'NOPE' }],
  [TRADING_ERRORS.noFundingMethod]: ['DepositAddresses', { asset: 'XBT', method: 'Pigeon' }],
  [TRADING_ERRORS.unknownReference]: ['WithdrawCancel', { asset: 'XBT', refid: 'F' }],
  [TRADING_ERRORS.maxFeeExceeded]: ['Withdraw', { asset: 'XBT', key: 'a', amount: '1', max_fee: '0' }],
  [TRADING_ERRORS.belowEarnMinimum]: ['Earn/Allocate', { strategy_id: 'ESRFUO3-Q62XD-WIOIL7', amount: '0' }],
  [TRADING_ERRORS.exportNotReady]: ['RetrieveExport', { id: firstReport }],
  [tooManyPriceDecimals('XXBTZUSD', 'price', 1)]: ['order', { price: '1.23' }],
  [KRAKEN_ERRORS.unknownMethod]: ['Nothing', {}],
  [KRAKEN_ERRORS.unknownAsset]: ['TradeBalance', { asset: 'NOPE' }],
  [KRAKEN_ERRORS.unknownAssetPair]: ['order', { pair: 'NOPE' }],
  [KRAKEN_ERRORS.unknownOrder]: ['CancelOrder', { txid: 'O' }],
  [KRAKEN_ERRORS.orderNotEditable]: ['EditOrder', { txid: '8', pair: 'XBTUSD' }],
  [KRAKEN_ERRORS.insufficientFunds]: ['order', { volume: '1000' }],
  [KRAKEN_ERRORS.orderMinimum]: ['order', { volume: '0.00001' }],
  [KRAKEN_ERRORS.costMinimum]: ['order', { price: '1' }],
  [KRAKEN_ERRORS.tickSize]: ['order', { price: '99999999999999999999' }],
  [KRAKEN_ERRORS.ordersLimit]: ['order', {}],
  [KRAKEN_ERRORS.deadlineElapsed]: ['order', { deadline: '2020-01-01T00:00:00Z' }],
  'EGeneral:Invalid arguments:volume': ['order', { volume: 'x' }],
};

describe('every error string of the venue is reached', () => {
  test.each(Object.entries(raised))('%s', (error, [method, params]) => {
    const driver = new Driver(error === KRAKEN_ERRORS.ordersLimit ? { openOrdersMax: 3 } : {});
    driver.order({ cl_ord_id: 'bot-1' });
    driver.order({ userref: 7, price: '50000.1', volume: '1.5' });
    driver.order({ userref: 8, close: { ordertype: 'limit', price: '90000' } });
    askForReport(driver);
    expect(method === 'order' ? driver.refused(params) : driver.error(method, params)).toBe(error);
  });

  test('and none is left out', () => {
    expect(Object.keys(raised)).toEqual(expect.arrayContaining(Object.values(TRADING_ERRORS)));
  });
});
