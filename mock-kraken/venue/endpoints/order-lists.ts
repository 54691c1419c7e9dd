import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { orderView } from '../orders/index.ts';
import type { Order } from '../orders/index.ts';
import { readUserref } from '../orders/index.ts';
import { flag, list, text, word } from '../params/index.ts';
import { pageOf, withCount } from '../params/index.ts';
import { refuse } from '../errors/index.ts';

/** `OpenOrders`. */
export const openOrders: PrivateEndpoint = (desk) => {
  const wanted = desk.engine.open.of(desk.purse.account).filter(filterOf(desk)).toReversed();
  return answer({ open: byId(wanted, flag(desk.params, 'trades')) });
};

/** `ClosedOrders`: newest first, 50 a page. */
export const closedOrders: PrivateEndpoint = (desk) => {
  const { params, purse, engine } = desk;
  const wanted = [...engine.closed.of(purse.account)].filter(filterOf(desk));
  const by = word(params, 'closetime', { among: ['open', 'close', 'both'], fallback: 'both' });
  const page = pageOf(params, wanted, {
    timesMs: (order) => {
      const closedMs = order.closedMs ?? order.openedMs;
      return by === 'both' ? [order.openedMs, closedMs] : [by === 'open' ? order.openedMs : closedMs];
    },
    newestMs: (order) => order.closedMs ?? 0,
    startOf: (txid) => findOrder(desk, txid)?.openedMs,
  });
  return answer(withCount(params, { closed: byId(page.records, flag(params, 'trades')) }, page.count));
};

/** Orders asked for in one call, at most (Kraken's QueryOrders page). */
const queriedMax = 50;

/** `QueryOrders`: open and closed alike, by id. */
export const queryOrders: PrivateEndpoint = (desk) => {
  const txids = list(desk.params, 'txid', queriedMax);
  if (txids.length === 0) refuse(invalidArguments('txid'));
  const orders = txids.map((txid) => findOrder(desk, txid) ?? refuse(KRAKEN_ERRORS.unknownOrder));
  return answer(byId(orders.filter(filterOf(desk)), flag(desk.params, 'trades')));
};

/** The account's order with this id, open or closed. */
export function findOrder({ engine, purse }: EndpointContext, txid: string): Order | undefined {
  return engine.open.get(purse.account, txid) ?? engine.closed.get(purse.account, txid);
}

function filterOf({ params }: EndpointContext): (order: Order) => boolean {
  const userref = readUserref(params);
  const clientOrderId = text(params, 'cl_ord_id');
  return ({ terms }) =>
    (userref === null || terms.userref === userref) &&
    (clientOrderId === undefined || terms.clientOrderId === clientOrderId);
}

function byId(orders: readonly Order[], withTrades: boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(orders.map((order) => [order.txid, orderView(order, withTrades)]));
}
