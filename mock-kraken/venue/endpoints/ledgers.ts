import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import type { Catalog } from '../catalog/index.ts';
import type { LedgerRow } from '../balances/index.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { fixed } from '../catalog/index.ts';
import { pageOf, withCount } from '../params/index.ts';
import { list, text } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { seconds } from '../market/index.ts';

/** Row types that may be asked for (Kraken's Ledgers page). */
const rowTypes = new Set([
  'all',
  'trade',
  'deposit',
  'withdrawal',
  'transfer',
  'margin',
  'adjustment',
  'rollover',
  'credit',
  'settled',
  'staking',
  'dividend',
  'sale',
  'nft_rebate',
  'spend',
  'receive',
]);

/** Assets asked for in one call, at most. */
const assetsMax = 100;

/** `Ledgers`: newest first, 50 a page. Opening balances have no row. */
export const ledgers: PrivateEndpoint = (desk) => {
  const { params, purse, books } = desk;
  const { catalog } = desk.market;
  const type = text(params, 'type') ?? 'all';
  if (!rowTypes.has(type)) refuse(invalidArguments('type'));
  const assets = assetsIn(list(params, 'asset', assetsMax), catalog);
  const wanted = [...books.rows.of(purse.account)].filter(
    (row) => (type === 'all' || row.type === type) && (assets === null || assets.has(row.asset)),
  );
  const page = pageOf(params, wanted, {
    timesMs: ({ atMs }) => [atMs],
    newestMs: ({ atMs }) => atMs,
    startOf: (id) => books.rows.get(purse.account, id)?.atMs,
  });
  const result = withCount(params, { ledger: rowsById(page.records, catalog) }, page.count);
  return { ...answer(result), tellsOf: ordersOf(page.records, desk) };
};

/** Rows asked for in one call, at most (Kraken's QueryLedgers page). */
const queriedMax = 20;

/** `QueryLedgers`: by id. */
export const queryLedgers: PrivateEndpoint = (desk) => {
  const { params, purse, books } = desk;
  const { catalog } = desk.market;
  const ids = list(params, 'id', queriedMax);
  if (ids.length === 0) refuse(invalidArguments('id'));
  const rows = ids.map((id) => books.rows.get(purse.account, id) ?? refuse(invalidArguments('id')));
  return { ...answer(rowsById(rows, catalog)), tellsOf: ordersOf(rows, desk) };
};

/** The orders behind rows of trades, which name the trade only. */
export function ordersOf(rows: readonly LedgerRow[], { engine, purse }: EndpointContext): readonly string[] {
  return rows.flatMap(({ refid }) => engine.trades.get(purse.account, refid)?.orderTxid ?? []);
}

/** Asset ids asked for; `null` for all. */
function assetsIn(names: readonly string[], catalog: Catalog): ReadonlySet<string> | null {
  if (names.length === 0 || names.includes('all')) return null;
  return new Set(names.map((name) => (catalog.findAsset(name) ?? refuse(KRAKEN_ERRORS.unknownAsset)).id));
}

function rowsById(rows: readonly LedgerRow[], catalog: Catalog): Readonly<Record<string, unknown>> {
  return Object.fromEntries(rows.map((row) => [row.id, rowView(row, catalog)]));
}

/** A row as `Ledgers` shows it. */
export function rowView(row: LedgerRow, catalog: Catalog): Readonly<Record<string, unknown>> {
  const { decimals } = catalog.assetById(row.asset);
  return {
    refid: row.refid,
    time: seconds(row.atMs),
    type: row.type,
    subtype: row.subtype,
    aclass: 'currency',
    asset: row.asset,
    amount: fixed(row.amount, decimals),
    fee: fixed(row.fee, decimals),
    balance: fixed(row.balance, decimals),
  };
}
