import type { OrderInfo, Orders } from './kraken-types.ts';

/** An order that the exchange knows. */
export interface FoundOrder {
  /** Kraken's order id. */
  readonly txid: string;
  /** Where it stands. */
  readonly order: OrderInfo;
}

/**
 * Looks for an order among the open ones and then among the closed ones: an order only moves that way, so it
 * cannot slip through.
 * @param read - calls a method that lists orders, with the id to filter by
 * @param isIt - which of several orders with the id: newest first, as Kraken lists them
 */
export async function lookUpOrder(
  read: (method: 'OpenOrders' | 'ClosedOrders') => Promise<unknown>,
  isIt: (order: OrderInfo) => boolean,
): Promise<FoundOrder | undefined> {
  const { open } = asLists(await read('OpenOrders'));
  const stillOpen = pick(open, isIt);
  if (stillOpen !== undefined) return stillOpen;
  const { closed } = asLists(await read('ClosedOrders'));
  return pick(closed, isIt);
}

function asLists(result: unknown): { readonly open?: Orders; readonly closed?: Orders } {
  return typeof result === 'object' && result !== null ? result : {};
}

function pick(orders: Orders = {}, isIt: (order: OrderInfo) => boolean): FoundOrder | undefined {
  const entry = Object.entries(orders).find(([, order]) => isIt(order));
  return entry === undefined ? undefined : { txid: entry[0], order: entry[1] };
}
