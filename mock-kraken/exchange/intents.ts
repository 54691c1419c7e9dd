import { createHash } from 'node:crypto';
import { canonicalParams } from './canonical-params.ts';
import { keptText } from '../kept-text.ts';
import { catalogWith } from '../venue/catalog/index.ts';
import type { RequestParams } from '../venue-interface.ts';

/** One thing that a request asks for: an order, a withdrawal, … */
export interface Intent {
  /**
   * A digest of what is asked for, without what may differ between two attempts at it: nonce, one-time password,
   * deadline, and names (`cl_ord_id`, `userref`, `nonceproof_call`).
   */
  readonly digest: string;
  /** The same without price, size and the like: an order's pair and side, a withdrawal's asset and address. */
  readonly likeness: string;
  /** The id of what came of it; `null` when nothing did, or as long as it is in service. */
  readonly id: string | null;
  /** `cl_ord_id` of an order in a batch, where it has one. */
  readonly clientRef?: string | undefined;
}

/** What two attempts at the same thing may differ in; the password must not be recognisable either. */
const LEFT_OUT: ReadonlySet<string> = new Set(['nonce', 'otp', 'deadline', 'nonceproof_call']);

/** Names that a client gives to what it places. Where something that exists is named, they say what is asked for. */
const NAMES: ReadonlySet<string> = new Set(['cl_ord_id', 'userref']);

/** 16 hexadecimal digits. */
const DIGEST_BYTES = 8;

/** Orders in one AddOrderBatch at most (Kraken docs, AddOrderBatch); a longer batch is refused. */
const BATCH_ORDERS_MAX = 15;

const ORDER = 'order';

/**
 * Every method that changes something, with the parameters that make two of its requests alike. An order is one
 * whether it is placed alone or in a batch.
 */
const ALIKE_BY: ReadonlyMap<string, readonly string[]> = new Map([
  [ORDER, ['pair', 'type']],
  ['AmendOrder', ['txid', 'cl_ord_id']],
  ['EditOrder', ['txid']],
  ['CancelOrder', ['txid', 'cl_ord_id']],
  ['CancelOrderBatch', ['orders', 'cl_ord_ids']],
  ['CancelAll', []],
  ['CancelAllOrdersAfter', []],
  ['Withdraw', ['asset', 'key', 'address']],
  ['WithdrawCancel', ['asset', 'refid']],
  ['WalletTransfer', ['asset', 'from', 'to']],
  ['AccountTransfer', ['asset', 'from', 'to']],
  ['CreateSubaccount', ['username', 'email']],
  ['Earn/Allocate', ['strategy_id']],
  ['Earn/Deallocate', ['strategy_id']],
  ['AddExport', ['report']],
  ['RemoveExport', ['id']],
]);

/** What a request asks to be changed, an entry for each order; `null` for a method that changes nothing. */
export function intentsOf(method: string, params: RequestParams): Intent[] | null {
  if (method === 'AddOrder') return [intentOf(ORDER, params)];
  if (method === 'AddOrderBatch') return batchOf(params);
  return ALIKE_BY.has(method) ? [intentOf(method, params)] : null;
}

function batchOf({ orders, pair }: RequestParams): Intent[] {
  const items: readonly unknown[] = Array.isArray(orders) ? orders.slice(0, BATCH_ORDERS_MAX) : [];
  return items.map((item) => {
    const order = typeof item === 'object' && item !== null ? (item as RequestParams) : {};
    const intent = intentOf(ORDER, { ...order, pair });
    const clientRef = order['cl_ord_id'];
    return typeof clientRef === 'string'
      ? { ...intent, clientRef: keptText(clientRef, REF_CHARS_MAX) }
      : intent;
  });
}

/** A UUID with its dashes is the longest that Kraken takes (Kraken docs, AddOrder). */
const REF_CHARS_MAX = 36;

function intentOf(kind: string, params: RequestParams): Intent {
  const isOrder = kind === ORDER;
  const wanted = canonicalParams(withPairId(params)).filter(
    ([name]) => !LEFT_OUT.has(name) && !(isOrder && NAMES.has(name)),
  );
  const alikeBy = ALIKE_BY.get(kind) ?? [];
  const alike = wanted.filter(([name]) => alikeBy.includes(name));
  return { digest: digestOf([kind, wanted]), likeness: digestOf([kind, alike]), id: null };
}

/** A pair has several names (`XXBTZUSD`, `XBTUSD`, `XBT/USD`, `BTCUSD`); one of a scenario's own has two. */
function withPairId(params: RequestParams): RequestParams {
  const { pair } = params;
  if (typeof pair !== 'string') return params;
  return { ...params, pair: catalogWith().findPair(pair)?.id ?? pair.replace('/', '') };
}

function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest().toString('hex', 0, DIGEST_BYTES);
}
