import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import type { RequestParams } from '../../venue-interface.ts';
import type { EndpointContext, PrivateEndpoint } from './endpoint-context.ts';
import type { Order, OrderTerms } from '../orders/index.ts';
import { readOrder, readPair } from '../orders/index.ts';
import { flag } from '../params/index.ts';
import { Refusal, refuse } from '../errors/index.ts';
import { refuseLate } from '../orders/index.ts';
import { canceled, withClientId, withReference } from './order-canceling.ts';
import { descriptionOf, submit } from './order-placing.ts';

/** Orders in one `AddOrderBatch` (Kraken's page of it). */
const addedMin = 2;
const addedMax = 15;
/** Orders in one `CancelOrderBatch` (Kraken's page of it). */
const canceledMax = 50;

/** What became of one order of a batch. */
interface BatchLine {
  readonly shown: Readonly<Record<string, unknown>>;
  readonly txid: string | null;
}

/**
 * `AddOrderBatch`, in JSON only. One order that is wrong in itself refuses the whole batch; what only the engine
 * can tell (funds, a client order id in use) fails one order and leaves the others.
 */
export const addOrderBatch: PrivateEndpoint = (desk) => {
  const { params, atMs } = desk;
  const pair = readPair(params, desk.market).id;
  const items = objectsOf(desk, 'orders');
  if (items.length < addedMin || items.length > addedMax) refuse(invalidArguments('orders'));
  const terms = items.map((item) => readOrder({ ...item, pair }, desk));
  refuseLate(params, atMs);
  const lines = terms.map((each) =>
    flag(params, 'validate') ? tryCheck(desk, each) : trySubmit(desk, each),
  );
  const made = lines.map(({ txid }) => txid);
  const ids = made.filter((txid) => txid !== null);
  const result = { orders: lines.map(({ shown }) => shown) };
  return { error: [], result, effect: ids.length === 0 ? null : { kind: 'order', ids }, made };
};

/** `CancelOrderBatch`, in JSON only: ids and user references in `orders`, client order ids in `cl_ord_ids`. */
export const cancelOrderBatch: PrivateEndpoint = (desk) => canceled(desk, ordersInBatch(desk));

/** The open orders that a `CancelOrderBatch` names, each once. */
export function ordersInBatch(desk: EndpointContext): readonly Order[] {
  const references = namesIn(desk, 'orders');
  const clientIds = namesIn(desk, 'cl_ord_ids');
  const count = references.length + clientIds.length;
  if (count === 0 || count > canceledMax) refuse(invalidArguments('orders'));
  const named = [
    ...references.flatMap((reference) => withReference(desk, reference)),
    ...clientIds.flatMap((id) => withClientId(desk, id)),
  ];
  return [...new Set(named)];
}

function trySubmit(desk: EndpointContext, terms: OrderTerms): BatchLine {
  return attempt(terms, () => submit(desk, terms).txid);
}

function tryCheck({ engine, purse, atMs }: EndpointContext, terms: OrderTerms): BatchLine {
  return attempt(terms, () => {
    engine.check(purse, terms, { atMs });
    return null;
  });
}

function attempt(terms: OrderTerms, run: () => string | null): BatchLine {
  const descr = descriptionOf(terms);
  try {
    const txid = run();
    return { shown: txid === null ? { descr } : { txid, descr }, txid };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { shown: { descr, error: error.errors[0] ?? KRAKEN_ERRORS.internalError }, txid: null };
  }
}

function objectsOf(desk: EndpointContext, name: string): readonly RequestParams[] {
  const items = arrayIn(desk, name);
  const objects = items.filter((item): item is RequestParams => typeof item === 'object' && item !== null);
  return objects.length === items.length ? objects : refuse(invalidArguments(name));
}

/** Ids as text or number, or wrapped in an object, as some clients send them. */
function namesIn(desk: EndpointContext, name: string): readonly string[] {
  return arrayIn(desk, name).map((item) => {
    const named = typeof item === 'object' && item !== null ? (item as RequestParams)['txid'] : item;
    return typeof named === 'string' || typeof named === 'number'
      ? String(named)
      : refuse(invalidArguments(name));
  });
}

/** A JSON array; form bodies cannot carry one (krakenex#138), so for them it is wrong. */
function arrayIn({ params, request }: EndpointContext, name: string): readonly unknown[] {
  const value = Object.hasOwn(params, name) ? params[name] : [];
  return Array.isArray(value) && request.encoding === 'json' ? value : refuse(invalidArguments(name));
}
