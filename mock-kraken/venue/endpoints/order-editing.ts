import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import type { RequestParams } from '../../venue-interface.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { short } from '../catalog/index.ts';
import type { Order, OrderTerms } from '../orders/index.ts';
import { readOrder, readPair } from '../orders/index.ts';
import { shownPrices } from '../orders/index.ts';
import { flag, list, requiredText } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { refuseLate } from '../orders/index.ts';
import { wholeSeconds } from '../market/index.ts';
import { TRADING_ERRORS } from '../errors/index.ts';
import { isWaiting } from '../orders/index.ts';
import { withReference } from './order-canceling.ts';
import { descriptionOf, submit } from './order-placing.ts';

/**
 * `EditOrder`: cancels an order and places its successor, with an id of its own, in one step. When the
 * successor is refused, the order stays. Of a partly executed order only the rest moves to the successor.
 */
export const editOrder: PrivateEndpoint = (desk) => {
  const { params, engine, purse, atMs } = desk;
  const order = orderToEdit(desk);
  const terms = editedTerms(desk, order);
  refuseLate(params, atMs);
  const descr = descriptionOf(terms);
  if (flag(params, 'validate')) {
    engine.check(purse, terms, { atMs, replaces: order });
    return answer({ descr });
  }
  const { txid } = submit(desk, terms, order);
  return {
    error: [],
    result: editView(txid, order, terms),
    effect: { kind: 'amend', ids: [txid, order.txid] },
  };
};

/** The one open order that the request names, if Kraken lets it be edited. */
export function orderToEdit(desk: EndpointContext): Order {
  const order =
    withReference(desk, requiredText(desk.params, 'txid'))[0] ?? refuse(KRAKEN_ERRORS.unknownOrder);
  if (readPair(desk.params, desk.market) !== order.terms.pair) refuse(invalidArguments('pair'));
  const { clientOrderId, close, trigger } = order.terms;
  const touched = trigger !== null && !isWaiting(trigger);
  return clientOrderId !== null || close !== null || touched ? refuse(KRAKEN_ERRORS.orderNotEditable) : order;
}

const editable = ['volume', 'displayvol', 'price', 'price2', 'oflags', 'userref'];

function editedTerms(desk: EndpointContext, order: Order): OrderTerms {
  const given = Object.fromEntries(Object.entries(desk.params).filter(([name]) => editable.includes(name)));
  if (list(desk.params, 'oflags', 10).some((name) => name !== 'post')) refuse(invalidArguments('oflags'));
  const terms = readOrder({ ...requestOf(order.terms), ...given }, desk);
  const volume = terms.volume.minus(order.executed);
  return volume.gt('0') ? { ...terms, volume } : refuse(TRADING_ERRORS.notEnoughLeaves);
}

/** An order's terms as the request that would ask for them. */
function requestOf(terms: OrderTerms): RequestParams {
  const [price, price2] = shownPrices(terms);
  return {
    pair: terms.pair.id,
    type: terms.side,
    ordertype: terms.type,
    volume: short(terms.volume),
    price,
    price2,
    displayvol: terms.displayVolume === null ? undefined : short(terms.displayVolume),
    oflags: terms.flags.join(','),
    timeinforce: terms.timeInForce,
    expiretm: String(wholeSeconds(terms.expireMs)),
    starttm: String(wholeSeconds(terms.startMs)),
    trigger: terms.triggerSource,
  };
}

function editView(txid: string, replaced: Order, terms: OrderTerms): Readonly<Record<string, unknown>> {
  const [price, price2] = shownPrices(terms);
  return {
    status: 'ok',
    txid,
    originaltxid: replaced.txid,
    volume: terms.volume.toFixed(terms.pair.lotDecimals),
    price,
    price2: price2 === '0' ? '' : price2,
    orders_cancelled: 1,
    descr: descriptionOf(terms),
    ...(terms.userref === null ? {} : { newuserref: String(terms.userref) }),
    ...(replaced.terms.userref === null ? {} : { olduserref: String(replaced.terms.userref) }),
  };
}
