import type { PrivateEndpoint } from './endpoint-context.ts';
import { balance, balanceEx, tradeBalance } from './balances.ts';
import { creditLines } from './credit-lines.ts';
import { earnAllocations, earnMove, earnMoveStatus, earnStrategies } from './earn.ts';
import { addExport, exportStatus, removeExport, retrieveExport } from './exports.ts';
import {
  depositAddresses,
  depositMethods,
  depositStatus,
  listWalletAccounts,
  walletTransfer,
  withdraw,
  withdrawAddresses,
  withdrawCancel,
  withdrawInfo,
  withdrawMethods,
  withdrawStatus,
} from './funding.ts';
import { getApiKeyInfo, getWebSocketsToken } from './keys.ts';
import { ledgers, queryLedgers } from './ledgers.ts';
import { level3 } from './level3.ts';
import { amendOrder, orderAmends } from './order-amending.ts';
import { addOrderBatch, cancelOrderBatch } from './order-batches.ts';
import { cancelAll, cancelAllOrdersAfter, cancelOrder } from './order-canceling.ts';
import { editOrder } from './order-editing.ts';
import { closedOrders, openOrders, queryOrders } from './order-lists.ts';
import { addOrder } from './order-placing.ts';
import { accountTransfer, createSubaccount } from './subaccounts.ts';
import { openPositions, queryTrades, tradesHistory, tradeVolume } from './trades.ts';

/** Every private method by its name in the path, in the order of Kraken's documentation. */
export const privateEndpoints: ReadonlyMap<string, PrivateEndpoint> = new Map([
  ['Balance', balance],
  ['BalanceEx', balanceEx],
  ['CreditLines', creditLines],
  ['TradeBalance', tradeBalance],
  ['OpenOrders', openOrders],
  ['ClosedOrders', closedOrders],
  ['QueryOrders', queryOrders],
  ['OrderAmends', orderAmends],
  ['TradesHistory', tradesHistory],
  ['QueryTrades', queryTrades],
  ['OpenPositions', openPositions],
  ['Ledgers', ledgers],
  ['QueryLedgers', queryLedgers],
  ['TradeVolume', tradeVolume],
  ['AddExport', addExport],
  ['ExportStatus', exportStatus],
  ['RetrieveExport', retrieveExport],
  ['RemoveExport', removeExport],
  ['GetApiKeyInfo', getApiKeyInfo],
  ['Level3', level3],
  ['ListWalletAccounts', listWalletAccounts],

  ['AddOrder', addOrder],
  ['AddOrderBatch', addOrderBatch],
  ['AmendOrder', amendOrder],
  ['EditOrder', editOrder],
  ['CancelOrder', cancelOrder],
  ['CancelOrderBatch', cancelOrderBatch],
  ['CancelAll', cancelAll],
  ['CancelAllOrdersAfter', cancelAllOrdersAfter],
  ['GetWebSocketsToken', getWebSocketsToken],

  ['DepositMethods', depositMethods],
  ['DepositAddresses', depositAddresses],
  ['DepositStatus', depositStatus],
  ['WithdrawMethods', withdrawMethods],
  ['WithdrawAddresses', withdrawAddresses],
  ['WithdrawInfo', withdrawInfo],
  ['Withdraw', withdraw],
  ['WithdrawStatus', withdrawStatus],
  ['WithdrawCancel', withdrawCancel],
  ['WalletTransfer', walletTransfer],
  ['CreateSubaccount', createSubaccount],
  ['AccountTransfer', accountTransfer],

  ['Earn/Allocate', earnMove],
  ['Earn/Deallocate', earnMove],
  ['Earn/AllocateStatus', earnMoveStatus],
  ['Earn/DeallocateStatus', earnMoveStatus],
  ['Earn/Strategies', earnStrategies],
  ['Earn/Allocations', earnAllocations],
]);
