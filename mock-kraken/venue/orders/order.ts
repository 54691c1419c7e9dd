import { rounding, type Money, zero } from '../catalog/index.ts';
import { priceOf, type Side } from '../market/index.ts';
import type { Pair } from '../catalog/index.ts';

/** Order types of Kraken's AddOrder that the venue executes; `settle-position` needs margin and is refused. */
export const orderTypes = [
  'market',
  'limit',
  'iceberg',
  'stop-loss',
  'take-profit',
  'stop-loss-limit',
  'take-profit-limit',
  'trailing-stop',
  'trailing-stop-limit',
] as const;

/** One of them. */
export type OrderType = (typeof orderTypes)[number];

/** How long an order may rest: until canceled, not at all, until its expiry, or whole or not at all. */
export type TimeInForce = 'GTC' | 'IOC' | 'GTD' | 'FOK';

/** `pending` waits for its start time; `open` may trade; the others are over. */
export type OrderStatus = 'pending' | 'open' | 'closed' | 'canceled' | 'expired';

/** A conditional close: the order that opens for what the first one executed. */
export interface CloseTerms {
  readonly type: OrderType;
  readonly price: string | undefined;
  readonly price2: string | undefined;
}

/** How a stop, take-profit or trailing order waits, in ticks. */
export interface Trigger {
  /** `fall`: sets off at or below `ticks`. `rise`: at or above. */
  readonly direction: 'rise' | 'fall';
  readonly ticks: number;
  readonly trail: Trail | null;
  /** When it was set off; `null` while it waits. */
  readonly touchedMs: number | null;
}

/** What makes a trigger follow the price. */
export interface Trail {
  /** How far behind the best price. */
  readonly ticks: number;
  /** Limit minus trigger, for orders with a limit. */
  readonly limitOffsetTicks: number | null;
  /** `price` and `price2` as the client wrote them. */
  readonly written: readonly [price: string, price2: string];
}

/** What a client asked for, checked and in the venue's own units. */
export interface OrderTerms {
  readonly pair: Pair;
  readonly side: Side;
  readonly type: OrderType;
  /** In the base asset. */
  readonly volume: Money;
  /** What a `viqc` order is to spend, which it shows as its volume; `null` for all others. */
  readonly quoteVolume: Money | null;
  /** Worst acceptable price; `null` for orders that take any. */
  readonly limitTicks: number | null;
  readonly trigger: Trigger | null;
  readonly displayVolume: Money | null;
  readonly triggerSource: 'last' | 'index';
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly feeIn: 'base' | 'quote';
  readonly flags: readonly string[];
  readonly startMs: number;
  readonly expireMs: number;
  readonly userref: number | null;
  readonly clientOrderId: string | null;
  readonly close: CloseTerms | null;
}

/** What an order asked for after one of its amends. */
export interface Amend {
  readonly id: string;
  readonly kind: 'original' | 'user';
  readonly atMs: number;
  readonly volume: Money;
  readonly left: Money;
  readonly limitTicks: number | null;
  readonly triggerTicks: number | null;
}

/** An order and how far it has come. Only the engine changes it. */
export interface Order {
  readonly txid: string;
  readonly account: string;
  terms: OrderTerms;
  /** The order that this one closes or replaces. */
  readonly refid: string | null;
  status: OrderStatus;
  reason: string | null;
  readonly openedMs: number;
  /** When it was created or last amended: what its age counts from. */
  changedMs: number;
  closedMs: number | null;
  executed: Money;
  cost: Money;
  fee: Money;
  /** Set aside for the rest of it, in `holdAsset`. */
  held: Money;
  /** The original terms and every change to them, oldest first; empty until the first change. */
  readonly amends: Amend[];
  readonly tradeIds: string[];
}

/** What is left to execute. */
export function remaining(order: Order): Money {
  return order.terms.volume.minus(order.executed);
}

/** Whether the order still can trade or wait. */
export function isLive(order: Order): boolean {
  return order.status === 'open' || order.status === 'pending';
}

/** Share of a trade's worth that goes to the exchange. */
export interface FeeRates {
  readonly maker: Money;
  readonly taker: Money;
  readonly highest: Money;
}

/** The rates with the higher of them. */
export function feeRates(maker: Money, taker: Money): FeeRates {
  return { maker, taker, highest: maker.gt(taker) ? maker : taker };
}

/** The asset that an order sets aside. */
export function holdAsset({ pair, side }: OrderTerms): string {
  return side === 'buy' ? pair.quote.id : pair.base.id;
}

/**
 * What an order must set aside for `volume` of it. Rounded up, with the higher fee, while every fill is
 * rounded down: so what was set aside always covers what its fills take.
 */
export function holdFor(terms: OrderTerms, volume: Money, rates: FeeRates): Money {
  const asset = terms.side === 'buy' ? terms.pair.quote : terms.pair.base;
  const worth = terms.side === 'buy' ? volume.times(worstPrice(terms)) : volume;
  const feeHere = terms.side === 'buy' ? terms.feeIn === 'quote' : terms.feeIn === 'base';
  const whole = feeHere ? worth.plus(worth.times(rates.highest)) : worth;
  return whole.round(asset.decimals, rounding.up);
}

/** The limit, or for a stop without one the trigger, which is only an estimate of what it will cost. */
function worstPrice({ pair, limitTicks, trigger }: OrderTerms): Money {
  return priceOf(pair, limitTicks ?? trigger?.ticks ?? 0);
}

/** What a new order starts from. */
interface Birth {
  readonly txid: string;
  readonly account: string;
  readonly terms: OrderTerms;
  readonly atMs: number;
  readonly refid: string | null;
}

/** An order of which nothing has happened yet; it waits when its start time lies ahead. */
export function newOrder({ txid, account, terms, atMs, refid }: Birth): Order {
  return {
    txid,
    account,
    terms,
    refid,
    status: terms.startMs > atMs ? 'pending' : 'open',
    reason: null,
    openedMs: atMs,
    changedMs: atMs,
    closedMs: null,
    executed: zero,
    cost: zero,
    fee: zero,
    held: zero,
    amends: [],
    tradeIds: [],
  };
}

/** The order as it is now, as an entry of its amend history. */
export function amendOf(order: Order, id: string, kind: Amend['kind']): Amend {
  const { volume, limitTicks, trigger } = order.terms;
  const triggerTicks = trigger?.ticks ?? null;
  return { id, kind, atMs: order.changedMs, volume, left: remaining(order), limitTicks, triggerTicks };
}
