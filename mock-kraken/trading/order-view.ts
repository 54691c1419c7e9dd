import { fixed, type Money, short, zero } from './money.ts';
import { priceOf } from './market.ts';
import { type Order, type OrderTerms, remaining } from './order.ts';
import { seconds } from './seconds.ts';

/** `buy 1.25000000 XBTUSD @ limit 37500.0`, as Kraken describes an order. */
export function describe(terms: OrderTerms): string {
  const { pair, side, volume } = terms;
  return `${side} ${fixed(volume, pair.lotDecimals)} ${pair.altname} @ ${kindAndPrice(terms)}`;
}

/** `close position @ stop loss 30000.0`, or nothing without a conditional close. */
export function describeClose({ close }: OrderTerms): string {
  if (close === null) return '';
  const [first, second] = close.type.split(/-(?=limit$)/);
  const tail = second === undefined ? '' : ` -> limit ${close.price2 ?? ''}`;
  return `close position @ ${first?.replaceAll('-', ' ') ?? ''} ${close.price ?? ''}${tail}`;
}

function kindAndPrice({ type, shownPrice, shownPrice2 }: OrderTerms): string {
  if (type === 'market') return 'market';
  const [first = type, second] = type.split(/-(?=limit$)/);
  const tail = second === undefined ? '' : ` -> limit ${shownPrice2}`;
  return `${first.replaceAll('-', ' ')} ${shownPrice}${tail}`;
}

/** An order as `OpenOrders`, `ClosedOrders` and `QueryOrders` show it. */
export function orderView(order: Order, withTrades: boolean): Readonly<Record<string, unknown>> {
  const { terms } = order;
  return {
    refid: order.refid,
    ...(terms.userref === null ? {} : { userref: terms.userref }),
    ...(terms.clientOrderId === null ? {} : { cl_ord_id: terms.clientOrderId }),
    status: order.status,
    ...(order.closedMs === null ? {} : { reason: order.reason, closetm: seconds(order.closedMs) }),
    opentm: seconds(order.openedMs),
    starttm: seconds(terms.startMs),
    expiretm: seconds(terms.expireMs),
    descr: descriptionView(terms),
    ...amountsView(order),
    ...(terms.trigger === null ? {} : { trigger: terms.triggerSource }),
    misc: miscOf(order),
    oflags: shownFlags(terms),
    ...(withTrades ? { trades: order.tradeIds } : {}),
  };
}

function descriptionView(terms: OrderTerms): Readonly<Record<string, unknown>> {
  return {
    pair: terms.pair.altname,
    aclass: 'forex',
    type: terms.side,
    ordertype: terms.type,
    price: terms.shownPrice,
    price2: terms.shownPrice2,
    leverage: 'none',
    order: describe(terms),
    close: describeClose(terms),
  };
}

function amountsView(order: Order): Readonly<Record<string, string>> {
  const { pair, trigger } = order.terms;
  return {
    vol: fixed(order.terms.volume, pair.lotDecimals),
    vol_exec: fixed(order.executed, pair.lotDecimals),
    cost: fixed(order.cost, pair.costDecimals),
    fee: fixed(order.fee, pair.costDecimals),
    price: fixed(averagePrice(order), pair.priceDecimals + 4),
    stopprice: fixed(trigger === null ? zero : priceOf(pair, trigger.ticks), pair.priceDecimals + 4),
    limitprice: fixed(touchedLimit(order.terms), pair.priceDecimals + 4),
  };
}

function averagePrice({ cost, executed }: Order): Money {
  return executed.eq(zero) ? zero : cost.div(executed);
}

/** Set once the trigger has been touched and the limit order is in the book. */
function touchedLimit({ pair, trigger, limitTicks }: OrderTerms): Money {
  return trigger === null || trigger.touchedMs === null || limitTicks === null
    ? zero
    : priceOf(pair, limitTicks);
}

function miscOf(order: Order): string {
  const { trigger } = order.terms;
  const partial = order.executed.gt(zero) && remaining(order).gt(zero);
  const marks = [
    trigger !== null && trigger.touchedMs !== null
      ? order.terms.type.startsWith('take')
        ? 'touched'
        : 'stopped'
      : '',
    partial ? 'partial' : '',
    order.amended ? 'amended' : '',
  ];
  return marks.filter((mark) => mark !== '').join(',');
}

function shownFlags({ flags, feeIn }: OrderTerms): string {
  const fee = feeIn === 'base' ? 'fcib' : 'fciq';
  return [...flags.filter((flag) => flag !== 'fcib' && flag !== 'fciq'), fee].join(',');
}

/** The price of an amount of ticks, as short as it goes. */
export function shortPrice(terms: OrderTerms): string {
  return terms.limitTicks === null ? '0' : short(priceOf(terms.pair, terms.limitTicks));
}
