import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { describe, describeClose } from '../orders/index.ts';
import type { Order, OrderTerms } from '../orders/index.ts';
import { readOrder } from '../orders/index.ts';
import { flag } from '../params/index.ts';
import { refuseLate } from '../orders/index.ts';

/** `AddOrder`. With `validate` the order is checked, funds included, and nothing is placed. */
export const addOrder: PrivateEndpoint = (desk) => {
  const { params, purse, engine, atMs } = desk;
  const terms = readOrder(params, desk);
  refuseLate(params, atMs);
  const descr = descriptionOf(terms);
  if (flag(params, 'validate')) {
    engine.check(purse, terms, { atMs });
    return answer({ descr });
  }
  const { txid } = submit(desk, terms);
  return { error: [], result: { descr, txid: [txid] }, effect: { kind: 'order', ids: [txid] } };
};

/** Places an order and tells the clock about its times. */
export function submit(
  { engine, clockwork, purse, atMs }: EndpointContext,
  terms: OrderTerms,
  replaces?: Order,
): Order {
  const order = engine.place(purse, terms, replaces === undefined ? { atMs } : { atMs, replaces });
  if (order.status === 'pending') clockwork.expect(terms.startMs);
  clockwork.expect(terms.expireMs);
  return order;
}

/** The `descr` of an answer: the order in words, and its conditional close when it has one. */
export function descriptionOf(terms: OrderTerms): Readonly<Record<string, string>> {
  return { order: describe(terms), ...(terms.close === null ? {} : { close: describeClose(terms) }) };
}
