import type { RequestParams } from '../../venue-interface.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import type { Order } from '../orders/index.ts';
import { integer, text } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { rfc3339 } from '../market/index.ts';

/** `CancelOrder`: by order id, by user reference (all orders that carry it) or by client order id. */
export const cancelOrder: PrivateEndpoint = (desk) => {
  const named = ordersNamed(desk, desk.params);
  if (named.length === 0) refuse(KRAKEN_ERRORS.unknownOrder);
  return canceled(desk, named);
};

/** `CancelAll`. */
export const cancelAll: PrivateEndpoint = (desk) => canceled(desk, desk.engine.open.of(desk.purse.account));

/** Longest time of a dead man's switch, in seconds (Kraken's CancelAllOrdersAfter page). */
const switchMaxS = 86_400;

/** `CancelAllOrdersAfter`: winds the account's dead man's switch, or with 0 takes it away. */
export const cancelAllOrdersAfter: PrivateEndpoint = ({ params, purse, clockwork, atMs }) => {
  const timeoutS = integer(params, 'timeout') ?? refuse(invalidArguments('timeout'));
  if (timeoutS < 0 || timeoutS >= switchMaxS) refuse(invalidArguments('timeout'));
  const triggerMs = timeoutS === 0 ? 0 : atMs + timeoutS * 1000;
  clockwork.setSwitch(purse.account, triggerMs);
  return answer({ currentTime: rfc3339(atMs), triggerTime: triggerMs === 0 ? '0' : rfc3339(triggerMs) });
};

/** Cancels the orders and counts them. */
export function canceled(
  { engine, atMs }: EndpointContext,
  orders: readonly Order[],
): ReturnType<PrivateEndpoint> {
  for (const order of orders) engine.end(order, 'canceled', { atMs, reason: 'User requested' });
  const ids = orders.map(({ txid }) => txid);
  return {
    error: [],
    result: { count: ids.length },
    effect: ids.length === 0 ? null : { kind: 'cancel', ids },
  };
}

/** What a request needs to name open orders. */
type Naming = Pick<EndpointContext, 'engine' | 'purse'>;

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
