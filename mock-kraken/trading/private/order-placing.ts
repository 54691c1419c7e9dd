import type { Effect } from '../../journal.ts';
import { answer, type Desk, type PrivateEndpoint } from '../desk.ts';
import { describe, describeClose } from '../order-view.ts';
import type { Order, OrderTerms } from '../order.ts';
import { readOrder } from '../order-request.ts';
import { flag } from '../params.ts';
import { refuseLate } from '../request-times.ts';

/** `AddOrder`. With `validate` the order is checked, funds included, and nothing is placed. */
export const addOrder: PrivateEndpoint = (desk) => {
  const { params, purse, engine, atMs } = desk;
  const terms = readOrder(params, desk);
  refuseLate(params, atMs);
  if (flag(params, 'validate')) {
    engine.check(purse, terms, atMs);
    return answer({ descr: descriptionOf(terms) });
  }
  const order = submit(desk, terms);
  return { error: [], result: { descr: descriptionOf(terms), txid: [order.txid] }, effect: ordered(order) };
};

/** Places an order and tells the clock about its times. */
export function submit(
  { engine, clockwork, purse, atMs }: Desk,
  terms: OrderTerms,
  refid: string | null = null,
): Order {
  const order = engine.place(purse, terms, { atMs, refid });
  clockwork.expect(terms.startMs > atMs ? terms.startMs : 0);
  clockwork.expect(terms.expireMs);
  return order;
}

/** The `descr` of an answer: the order in words, and its conditional close when it has one. */
export function descriptionOf(terms: OrderTerms): Readonly<Record<string, string>> {
  return { order: describe(terms), ...(terms.close === null ? {} : { close: describeClose(terms) }) };
}

function ordered(order: Order): Effect {
  return { kind: 'order', ids: [order.txid] };
}
