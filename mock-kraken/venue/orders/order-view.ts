import { fixed, type Money, zero } from '../catalog/index.ts';
import { priceOf } from '../market/index.ts';
import { type Order, type OrderTerms, type OrderType, remaining } from './order.ts';
import { seconds } from '../market/index.ts';

/** `buy 1.25000000 XBTUSD @ limit 37500.0`, as Kraken describes an order. */
export function describe(terms: OrderTerms): string {
  const { pair, side, volume, quoteVolume } = terms;
  return `${side} ${fixed(quoteVolume ?? volume, pair.lotDecimals)} ${pair.altname} @ ${kindAndPrice(terms)}`;
}

/** `close position @ stop loss 30000.0`, or nothing without a conditional close. */
export function describeClose({ close }: OrderTerms): string {
  return close === null
    ? ''
    : `close position @ ${inWords(close.type, close.price ?? '', close.price2 ?? '')}`;
}

/** `price` and `price2` as the order shows them: `0` where it has none. */
export function shownPrices({
  pair,
  limitTicks,
  trigger,
}: OrderTerms): readonly [price: string, price2: string] {
  if (trigger?.trail) return trigger.trail.written;
  const shown = (ticks: number | null): string =>
    ticks === null ? '0' : fixed(priceOf(pair, ticks), pair.priceDecimals);
  return trigger === null ? [shown(limitTicks), '0'] : [shown(trigger.ticks), shown(limitTicks)];
}

function kindAndPrice(terms: OrderTerms): string {
  if (terms.type === 'market') return 'market';
  const [price, price2] = shownPrices(terms);
  return inWords(terms.type, price, price2);
}

/** `stop loss 30000.0 -> limit 29000.0`. */
function inWords(type: OrderType, price: string, price2: string): string {
  const stop = type.endsWith('-limit');
  const kind = (stop ? type.slice(0, -'-limit'.length) : type).replaceAll('-', ' ');
  return stop ? `${kind} ${price} -> limit ${price2}` : `${kind} ${price}`;
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
  const [price, price2] = shownPrices(terms);
  return {
    pair: terms.pair.altname,
    aclass: 'forex',
    type: terms.side,
    ordertype: terms.type,
    price,
    price2,
    leverage: 'none',
    order: describe(terms),
    close: describeClose(terms),
  };
}

function amountsView(order: Order): Readonly<Record<string, string>> {
  const { pair, trigger } = order.terms;
  return {
    vol: fixed(order.terms.quoteVolume ?? order.terms.volume, pair.lotDecimals),
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
    order.amends.length > 0 ? 'amended' : '',
  ];
  return marks.filter((mark) => mark !== '').join(',');
}

function shownFlags({ flags, feeIn }: OrderTerms): string {
  const fee = feeIn === 'base' ? 'fcib' : 'fciq';
  return [...flags.filter((flag) => flag !== 'fcib' && flag !== 'fciq'), fee].join(',');
}
