import type { PrivateEndpoint } from '../desk.ts';
import { balance, balanceEx, tradeBalance } from './balances.ts';
import { cancelOrder } from './order-canceling.ts';
import { closedOrders, openOrders, queryOrders } from './order-lists.ts';
import { addOrder } from './order-placing.ts';

/** Every private method by its name in the path. Adding one is a file and a line here. */
export const privateEndpoints: ReadonlyMap<string, PrivateEndpoint> = new Map([
  ['Balance', balance],
  ['BalanceEx', balanceEx],
  ['TradeBalance', tradeBalance],
  ['OpenOrders', openOrders],
  ['ClosedOrders', closedOrders],
  ['QueryOrders', queryOrders],
  ['AddOrder', addOrder],
  ['CancelOrder', cancelOrder],
]);
