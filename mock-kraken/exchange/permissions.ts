/** What an API key may be allowed to do. Kraken docs, GetApiKeyInfo. */
export const PERMISSIONS = [
  'query-funds',
  'add-funds',
  'withdraw-funds',
  'earn-funds',
  'query-open-trades',
  'query-closed-trades',
  'modify-trades',
  'close-trades',
  'query-ledger',
  'export-data',
  'create-ws-token',
  'add-withdraw-address',
  'update-withdraw-address',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/**
 * Kraken's documents contradict each other about some endpoints: `endpoint-pages` follows the page of each
 * endpoint, `api-keys-guide` the REST guide on API keys.
 */
export type PermissionTable = 'endpoint-pages' | 'api-keys-guide';

/** Any one of these sets suffices. */
type Requirement = readonly (readonly Permission[])[];

const QUERY_FUNDS: Requirement = [['query-funds']];
const WITHDRAW: Requirement = [['withdraw-funds']];
const LEDGER: Requirement = [['query-ledger']];
const EXPORT: Requirement = [['export-data']];
const EARN: Requirement = [['earn-funds']];
const OPEN: Requirement = [['query-open-trades']];
const CLOSED: Requirement = [['query-closed-trades']];
const OPEN_OR_CLOSED: Requirement = [...OPEN, ...CLOSED];
const MODIFY: Requirement = [['modify-trades']];
const CLOSE: Requirement = [['close-trades']];
const MODIFY_OR_CLOSE: Requirement = [...MODIFY, ...CLOSE];

/** Kraken docs, the page of each endpoint. Endpoints whose page names none, or was not found, need none. */
const ENDPOINT_PAGES: Readonly<Record<string, Requirement>> = {
  Balance: QUERY_FUNDS,
  BalanceEx: QUERY_FUNDS,
  CreditLines: QUERY_FUNDS,
  TradeVolume: QUERY_FUNDS,
  TradeBalance: OPEN,
  OpenOrders: OPEN,
  OpenPositions: OPEN,
  ClosedOrders: CLOSED,
  TradesHistory: CLOSED,
  QueryTrades: CLOSED,
  QueryOrders: OPEN_OR_CLOSED,
  OrderAmends: OPEN_OR_CLOSED,
  Ledgers: LEDGER,
  QueryLedgers: LEDGER,
  AddExport: EXPORT,
  ExportStatus: EXPORT,
  RetrieveExport: EXPORT,
  RemoveExport: EXPORT,
  AddOrder: MODIFY,
  AddOrderBatch: MODIFY,
  AmendOrder: MODIFY_OR_CLOSE,
  EditOrder: [['modify-trades', 'close-trades']],
  CancelOrder: MODIFY_OR_CLOSE,
  CancelOrderBatch: MODIFY_OR_CLOSE,
  CancelAll: MODIFY_OR_CLOSE,
  CancelAllOrdersAfter: MODIFY_OR_CLOSE,
  GetWebSocketsToken: [['create-ws-token']],
  DepositMethods: [['query-funds', 'add-funds']],
  DepositAddresses: QUERY_FUNDS,
  WalletTransfer: QUERY_FUNDS,
  Withdraw: WITHDRAW,
  CreateSubaccount: WITHDRAW,
  AccountTransfer: WITHDRAW,
  'Earn/Allocate': EARN,
  'Earn/Deallocate': EARN,
};

/** Where the guide on API keys says otherwise. Kraken docs, REST guide on API keys. */
const API_KEYS_GUIDE: Readonly<Record<string, Requirement>> = {
  ...ENDPOINT_PAGES,
  TradeBalance: QUERY_FUNDS,
  TradesHistory: OPEN_OR_CLOSED,
  QueryTrades: OPEN_OR_CLOSED,
  AmendOrder: MODIFY,
  EditOrder: MODIFY,
  CancelOrder: CLOSE,
  CancelOrderBatch: CLOSE,
  CancelAll: CLOSE,
  CancelAllOrdersAfter: CLOSE,
};

const TABLES: Readonly<Record<PermissionTable, Readonly<Record<string, Requirement>>>> = {
  'endpoint-pages': ENDPOINT_PAGES,
  'api-keys-guide': API_KEYS_GUIDE,
};

/** Whether a key with these permissions may call a method. */
export function isPermitted(
  method: string,
  permissions: ReadonlySet<Permission>,
  table: PermissionTable,
): boolean {
  const requirements = TABLES[table];
  // Methods come from the request: `constructor` must not find the object's own.
  if (!Object.hasOwn(requirements, method)) return true;
  return requirements[method]?.some((all) => all.every((one) => permissions.has(one))) ?? true;
}
