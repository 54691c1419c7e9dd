import { NonceproofError } from '../errors.ts';
import type { OrderInfo, Orders } from '../kraken-types.ts';

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
 * @throws {OrderListMissingError} when an answer has no list: it does not say that there is no such order
 * @throws what `read` throws
 */
export async function lookUpOrder(
  read: (method: ListMethod) => Promise<unknown>,
  isIt: (order: OrderInfo) => boolean,
): Promise<FoundOrder | undefined> {
  for (const method of ['OpenOrders', 'ClosedOrders'] as const) {
    const found = pick(listIn(await read(method), method), isIt);
    if (found !== undefined) return found;
  }
  return undefined;
}

type ListMethod = 'OpenOrders' | 'ClosedOrders';

/** Where the answers list orders (Kraken docs, Get Open Orders, Get Closed Orders). */
const LISTS = { OpenOrders: 'open', ClosedOrders: 'closed' } as const;

function listIn(result: unknown, method: ListMethod): Orders {
  const list = isRecord(result) ? result[LISTS[method]] : undefined;
  if (!isRecord(list)) throw new OrderListMissingError(method);
  return list as Orders;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(orders: Orders, isIt: (order: OrderInfo) => boolean): FoundOrder | undefined {
  const entry = Object.entries(orders).find(([, order]) => isIt(order));
  return entry === undefined ? undefined : { txid: entry[0], order: entry[1] };
}

/** An answer that should list orders has no list. Another program may have made it, such as a proxy's login page. */
export class OrderListMissingError extends NonceproofError {
  readonly method: string;

  constructor(method: string) {
    super(
      'order_list_missing',
      `Failed to look for an order: the answer to ${method} has no list of orders, so it does not say whether the order exists. Ask again, and check what answers in Kraken's place.`,
    );
    this.method = method;
  }
}
