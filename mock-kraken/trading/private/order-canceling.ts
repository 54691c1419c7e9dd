import type { RequestParams } from '../../venue.ts';
import { type Desk, type PrivateEndpoint } from '../desk.ts';
import { invalidArguments, krakenErrors } from '../kraken-errors.ts';
import type { Order } from '../order.ts';
import { text } from '../params.ts';
import { refuse } from '../refusal.ts';

/** `CancelOrder`: by order id, by user reference (all orders that carry it) or by client order id. */
export const cancelOrder: PrivateEndpoint = (desk) => {
  const named = ordersNamed(desk, desk.params);
  if (named.length === 0) refuse(krakenErrors.unknownOrder);
  return canceled(desk, named);
};

/** Cancels the orders and counts them. */
export function canceled({ engine, atMs }: Desk, orders: readonly Order[]): ReturnType<PrivateEndpoint> {
  for (const order of orders) engine.end(order, 'canceled', atMs, 'User requested');
  const ids = orders.map(({ txid }) => txid);
  return {
    error: [],
    result: { count: ids.length },
    effect: ids.length === 0 ? null : { kind: 'cancel', ids },
  };
}

/** What a request needs to name open orders. */
type Naming = Pick<Desk, 'engine' | 'purse'>;

/** Open orders that `txid` (an id or a user reference) or `cl_ord_id` names; refuses when neither is there. */
export function ordersNamed(desk: Naming, params: RequestParams): readonly Order[] {
  const clientOrderId = text(params, 'cl_ord_id');
  if (clientOrderId !== undefined) return withClientId(desk, clientOrderId);
  return withReference(desk, text(params, 'txid') ?? refuse(invalidArguments('txid')));
}

/** The open order with this client order id, in a list. */
export function withClientId({ engine, purse }: Naming, clientOrderId: string): readonly Order[] {
  const order = engine.open.withClientId(purse.account, clientOrderId);
  return order === undefined ? [] : [order];
}

/** The open orders with this id or user reference. */
export function withReference({ engine, purse }: Naming, reference: string): readonly Order[] {
  const order = engine.open.get(purse.account, reference);
  if (order !== undefined) return [order];
  if (!/^-?\d{1,10}$/.test(reference)) return [];
  return engine.open.of(purse.account).filter(({ terms }) => String(terms.userref) === reference);
}
