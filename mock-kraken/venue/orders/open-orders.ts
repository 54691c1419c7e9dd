import type { Order } from './order.ts';
import type { Pair } from '../catalog/index.ts';

/**
 * Every order that can still trade, found by account, by pair and by client order id.
 *
 * Invariant: an order is in all of its indexes from `add` to `remove`, and in none before or after.
 */
export class OpenOrders {
  readonly #byAccount = new Map<string, Map<string, Order>>();
  readonly #byPair = new Map<Pair, Set<Order>>();
  readonly #byClientId = new Map<string, Map<string, Order>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(order: Order): void {
    this.#size += 1;
    entry(this.#byAccount, order.account, newMap).set(order.txid, order);
    entry(this.#byPair, order.terms.pair, newSet).add(order);
    const { clientOrderId } = order.terms;
    if (clientOrderId !== null) entry(this.#byClientId, order.account, newMap).set(clientOrderId, order);
  }

  remove(order: Order): void {
    this.#size -= 1;
    this.#byAccount.get(order.account)?.delete(order.txid);
    this.#byPair.get(order.terms.pair)?.delete(order);
    const { clientOrderId } = order.terms;
    if (clientOrderId !== null) this.#byClientId.get(order.account)?.delete(clientOrderId);
  }

  get(account: string, txid: string): Order | undefined {
    return this.#byAccount.get(account)?.get(txid);
  }

  withClientId(account: string, clientOrderId: string): Order | undefined {
    return this.#byClientId.get(account)?.get(clientOrderId);
  }

  /** The account's orders, oldest first. */
  of(account: string): readonly Order[] {
    return [...(this.#byAccount.get(account)?.values() ?? [])];
  }

  /** The orders of one market, oldest first: who came first trades first. */
  in(pair: Pair): readonly Order[] {
    return [...(this.#byPair.get(pair) ?? [])];
  }

  all(): readonly Order[] {
    return [...this.#byPair.values()].flatMap((orders) => [...orders]);
  }

  /** Markets that have open orders. */
  pairs(): readonly Pair[] {
    return [...this.#byPair].filter(([, orders]) => orders.size > 0).map(([pair]) => pair);
  }
}

const newMap = (): Map<string, Order> => new Map();
const newSet = (): Set<Order> => new Set();

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
