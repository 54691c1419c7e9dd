import type { OrderAge } from '../../venue-interface.ts';
import type { EndpointContext } from './endpoint-context.ts';
import type { Order } from '../orders/index.ts';
import { Refusal } from '../errors/index.ts';
import { ordersInBatch } from './order-batches.ts';
import { ordersNamed } from './order-canceling.ts';
import { orderToEdit } from './order-editing.ts';

/** How each method that changes open orders finds them. */
const finders: ReadonlyMap<string, (desk: EndpointContext) => readonly Order[]> = new Map([
  ['AmendOrder', (desk: EndpointContext) => ordersNamed(desk, desk.params).slice(0, 1)],
  ['EditOrder', (desk: EndpointContext) => [orderToEdit(desk)]],
  ['CancelOrder', (desk: EndpointContext) => ordersNamed(desk, desk.params)],
  ['CancelOrderBatch', ordersInBatch],
  ['CancelAll', ({ engine, purse }: EndpointContext) => engine.open.of(purse.account)],
]);

/** The open orders that a request would touch; none when it would be refused. Changes nothing. */
export function ordersTouched(desk: EndpointContext): readonly OrderAge[] {
  return found(desk).map(({ txid, terms, changedMs }) => ({
    txid,
    pair: terms.pair.id,
    ageMs: desk.atMs - changedMs,
  }));
}

function found(desk: EndpointContext): readonly Order[] {
  try {
    return finders.get(desk.request.method)?.(desk) ?? [];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
