import { type Books, availableOf, hold, type Purse } from './books.ts';
import type { Ids } from './ids.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { TRADING_ERRORS } from './trading-errors.ts';
import { type Level, type Market, priceOf } from './market.ts';
import { money, type Money, rounding, smaller, zero } from './money.ts';
import { OpenOrders } from './open-orders.ts';
import {
  type Amend,
  type FeeRates,
  feeRates,
  holdAsset,
  holdFor,
  isLive,
  type Order,
  type OrderTerms,
  remaining,
  type Trigger,
} from './order.ts';
import { closeRequest } from './order-close.ts';
import { readOrder } from './order-request.ts';
import { Records } from './records.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Trade } from './trade.ts';
import { follow, isTouched, isWaiting, withTrigger } from './triggers.ts';
import type { VenueSettings } from './venue-options.ts';

/** What the engine works with. */
export interface EngineParts {
  readonly market: Market;
  readonly books: Books;
  readonly ids: Ids;
  readonly settings: VenueSettings;
}

/** Circumstances of an order being placed. */
export interface Placement {
  readonly atMs: number;
  /** The order that this one belongs to, as shown in `refid`. */
  readonly refid?: string;
  /** An order about to be canceled in favour of this one: what it holds counts as available. */
  readonly replaces?: Order;
}

/** Circumstances of an amend. */
export interface Amendment {
  readonly id: string;
  readonly atMs: number;
  /** Refuse it if the order would trade at once. */
  readonly passive: boolean;
}

/** Amends remembered of one order; beyond, all but the original and the latest are forgotten. */
const amendsPerOrderMax = 100;

/** Part of an order at one price. */
interface Fill {
  readonly priceTicks: number;
  readonly volume: Money;
  readonly maker: boolean;
  readonly atMs: number;
}

/** What a fill is worth. */
interface Worth {
  readonly price: Money;
  readonly cost: Money;
  readonly fee: Money;
}

/**
 * The matching engine: places, executes, amends and ends orders. It moves no clock; `clockwork.ts` does.
 *
 * Invariant, per account and asset: held is the sum of `held` over its open orders, and 0 <= held <= balance.
 */
export class Engine {
  readonly open: OpenOrders = new OpenOrders();
  readonly closed: Records<Order>;
  readonly trades: Records<Trade>;
  readonly rates: FeeRates;
  readonly #parts: EngineParts;
  #tradeCount = 0;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.closed = new Records(parts.settings.closedOrdersMax);
    this.trades = new Records(parts.settings.tradesMax);
    this.rates = feeRates(money(parts.settings.makerFee), money(parts.settings.takerFee));
  }

  /** Refuses the order if the account cannot pay for it, or may not place it so. Changes nothing. */
  check(purse: Purse, terms: OrderTerms, { atMs, replaces }: Placement): void {
    const { clientOrderId, postOnly, startMs } = terms;
    if (clientOrderId !== null && this.open.withClientId(purse.account, clientOrderId) !== undefined) {
      refuse(TRADING_ERRORS.clientOrderIdInUse);
    }
    if (this.open.size >= this.#parts.settings.openOrdersMax) refuse(KRAKEN_ERRORS.ordersLimit);
    if (postOnly && startMs <= atMs && this.#meets(terms, atMs)) refuse(TRADING_ERRORS.postOnly);
    const available = availableOf(purse, holdAsset(terms)).plus(creditOf(replaces, terms));
    if (this.#needs(terms, atMs).gt(available)) refuse(KRAKEN_ERRORS.insufficientFunds);
  }

  /** Opens an order, unless it is refused, and lets it trade at once where it can. */
  place(purse: Purse, terms: OrderTerms, placement: Placement): Order {
    this.check(purse, terms, placement);
    const { atMs, refid = null, replaces } = placement;
    if (replaces !== undefined) this.end(replaces, 'canceled', atMs, 'User requested');
    const order = newOrder({ txid: this.#parts.ids.next('O'), account: purse.account, terms, atMs, refid });
    this.open.add(order);
    this.#setHold(order, this.#restingHold(order));
    if (order.status === 'open') this.enter(order, atMs);
    return order;
  }

  /** Sends an open order into the book: takes what it may, then rests, ends or waits for its trigger. */
  enter(order: Order, atMs: number): void {
    if (isWaiting(order.terms.trigger)) return this.#watch(order, order.terms.trigger, atMs);
    if (order.terms.postOnly && this.#meets(order.terms, atMs))
      return this.end(order, 'canceled', atMs, 'Post only order');
    const fills = this.#takings(order.terms, remaining(order), atMs);
    if (order.terms.timeInForce === 'FOK' && sum(fills).lt(remaining(order))) fills.length = 0;
    for (const fill of fills) this.#execute(order, fill);
    if (!isLive(order) || this.#mayRest(order)) return;
    this.end(order, 'canceled', atMs, order.terms.type === 'market' ? 'No liquidity' : 'Immediate or cancel');
  }

  /** Wakes an order that waited for its start time. */
  start(order: Order, atMs: number): void {
    order.status = 'open';
    this.enter(order, atMs);
  }

  /** Executes a resting order as far as the market has come to its price, or sets off its trigger. */
  meet(order: Order, atMs: number): void {
    if (order.status !== 'open') return;
    if (isWaiting(order.terms.trigger)) return this.#watch(order, order.terms.trigger, atMs);
    const { limitTicks } = order.terms;
    if (limitTicks === null || !this.#meets(order.terms, atMs)) return;
    const volume = sum(this.#takings(order.terms, remaining(order), atMs));
    if (volume.gt(zero)) this.#execute(order, { priceTicks: limitTicks, volume, maker: true, atMs });
  }

  /** Takes a live order off the book and gives back what it held. */
  end(order: Order, status: 'canceled' | 'expired' | 'closed', atMs: number, reason: string | null): void {
    this.open.remove(order);
    this.#setHold(order, zero);
    order.status = status;
    order.reason = reason;
    order.closedMs = atMs;
    this.closed.add(order.txid, order);
    this.#openClosingOrder(order, atMs);
  }

  /** Puts other terms on a live order, which keeps its ids; refuses what it would refuse of a new one. */
  amend(order: Order, terms: OrderTerms, { id, atMs, passive }: Amendment): void {
    const left = terms.volume.minus(order.executed);
    const wanted = left.gt(zero) ? terms : { ...terms, volume: order.executed };
    if (passive && order.status === 'open' && this.#meets(terms, atMs)) refuse(TRADING_ERRORS.postOnly);
    const available = availableOf(this.#purseOf(order), holdAsset(terms)).plus(order.held);
    if (left.gt(zero) && holdFor(terms, left, this.rates).gt(available))
      refuse(KRAKEN_ERRORS.insufficientFunds);
    if (order.amends.length === 0) order.amends.push(amendOf(order, order.txid, 'original'));
    order.terms = wanted;
    order.changedMs = atMs;
    order.amends.push(amendOf(order, id, 'user'));
    if (order.amends.length > amendsPerOrderMax) order.amends.splice(1, 1);
    if (!left.gt(zero)) return this.end(order, 'canceled', atMs, 'Amended to executed volume');
    this.#setHold(order, this.#restingHold(order));
    if (order.status === 'open') this.enter(order, atMs);
  }

  /** Follows the price with a trailing trigger, and sends the order into the book when its trigger is touched. */
  #watch(order: Order, trigger: Trigger, atMs: number): void {
    const last = this.#parts.market.lastTicks(order.terms.pair, atMs);
    const followed = follow(trigger, last);
    order.terms = withTrigger(
      order.terms,
      isTouched(followed, last) ? { ...followed, touchedMs: atMs } : followed,
    );
    if (isWaiting(order.terms.trigger)) return this.#setHold(order, this.#restingHold(order));
    if (!this.#canPay(order, atMs)) return this.end(order, 'canceled', atMs, 'Insufficient funds');
    this.enter(order, atMs);
  }

  /** A stop without a limit set aside an estimate; what it really costs is known when it is touched. */
  #canPay(order: Order, atMs: number): boolean {
    if (order.terms.limitTicks !== null || order.terms.side === 'sell') return true;
    const needed = this.#costNow(order.terms, remaining(order), atMs);
    return needed.lte(availableOf(this.#purseOf(order), holdAsset(order.terms)).plus(order.held));
  }

  #mayRest(order: Order): boolean {
    return order.terms.limitTicks !== null && !['IOC', 'FOK'].includes(order.terms.timeInForce);
  }

  /** Whether the order could trade now. */
  #meets({ pair, side, limitTicks }: OrderTerms, atMs: number): boolean {
    const best = this.#parts.market.bestOppositeTicks(pair, side, atMs);
    return limitTicks === null || (side === 'buy' ? best <= limitTicks : best >= limitTicks);
  }

  /** What of `volume` the house would take now, level by level. */
  #takings(terms: OrderTerms, volume: Money, atMs: number): Fill[] {
    const fills: Fill[] = [];
    let left = volume;
    for (const level of this.#parts.market.levelsAgainst(terms.pair, terms.side, atMs)) {
      if (!left.gt(zero) || !acceptable(terms, level)) break;
      const part = smaller(left, level.volume);
      fills.push({ priceTicks: level.priceTicks, volume: part, maker: false, atMs });
      left = left.minus(part);
    }
    return fills;
  }

  #needs(terms: OrderTerms, atMs: number): Money {
    if (terms.limitTicks !== null || terms.trigger !== null || terms.side === 'sell') {
      return holdFor(terms, terms.volume, this.rates);
    }
    return this.#costNow(terms, terms.volume, atMs);
  }

  /** What taking `volume` now would cost the account, in the asset it pays with. */
  #costNow(terms: OrderTerms, volume: Money, atMs: number): Money {
    const fills = this.#takings(terms, volume, atMs);
    return fills.reduce((total, fill) => total.plus(this.#paid(terms, fill)), zero);
  }

  #paid(terms: OrderTerms, fill: Fill): Money {
    const { cost, fee } = this.#worth(terms, fill);
    return terms.feeIn === 'quote' ? cost.plus(fee) : cost;
  }

  #worth(terms: OrderTerms, { priceTicks, volume, maker }: Fill): Worth {
    const { base, quote } = terms.pair;
    const price = priceOf(terms.pair, priceTicks);
    const cost = price.times(volume).round(quote.decimals, rounding.down);
    const rate = maker ? this.rates.maker : this.rates.taker;
    const fee =
      terms.feeIn === 'quote'
        ? cost.times(rate).round(quote.decimals, rounding.down)
        : volume.times(rate).round(base.decimals, rounding.down);
    return { price, cost, fee };
  }

  #execute(order: Order, fill: Fill): void {
    const worth = this.#worth(order.terms, fill);
    order.executed = order.executed.plus(fill.volume);
    order.cost = order.cost.plus(worth.cost);
    order.fee = order.fee.plus(worth.fee);
    this.#settle(order, fill, worth);
    if (remaining(order).gt(zero)) this.#setHold(order, this.#restingHold(order));
    else this.end(order, 'closed', fill.atMs, null);
  }

  #settle(order: Order, fill: Fill, { price, cost, fee }: Worth): void {
    const id = this.#parts.ids.next('T');
    const { pair, side, feeIn, type } = order.terms;
    const gained = side === 'buy' ? fill.volume : fill.volume.neg();
    const purse = this.#purseOf(order);
    const post = (asset: string, amount: Money, feePart: Money): string =>
      this.#parts.books.trade(purse, {
        type: 'trade',
        subtype: 'tradespot',
        refid: id,
        asset,
        atMs: fill.atMs,
        amount,
        fee: feePart,
      }).id;
    const paid = side === 'buy' ? cost.neg() : cost;
    const ledgerIds = [
      post(pair.base.id, gained, feeIn === 'base' ? fee : zero),
      post(pair.quote.id, paid, feeIn === 'quote' ? fee : zero),
    ];
    this.#tradeCount += 1;
    order.tradeIds.push(id);
    this.trades.add(id, {
      id,
      account: order.account,
      orderTxid: order.txid,
      pair,
      side,
      orderType: type,
      atMs: fill.atMs,
      price,
      volume: fill.volume,
      cost,
      fee,
      feeIn,
      maker: fill.maker,
      number: this.#tradeCount,
      ledgerIds,
    });
  }

  /** Opens the conditional close for what the order executed, unless the venue would refuse it. */
  #openClosingOrder(order: Order, atMs: number): void {
    if (order.terms.close === null || !order.executed.gt(zero)) return;
    const { market, settings } = this.#parts;
    try {
      const terms = readOrder(closeRequest(order, order.terms.close), { market, settings, atMs });
      this.place(this.#purseOf(order), terms, { atMs, refid: order.txid });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  #restingHold(order: Order): Money {
    return holdFor(order.terms, remaining(order), this.rates);
  }

  #setHold(order: Order, held: Money): void {
    hold(this.#purseOf(order), holdAsset(order.terms), held.minus(order.held));
    order.held = held;
  }

  #purseOf(order: Order): Purse {
    const purse = this.#parts.books.purse(order.account);
    if (purse === undefined) throw new TypeError(`Failed to find purse: ${order.account} is not open.`);
    return purse;
  }
}

function acceptable({ side, limitTicks }: OrderTerms, { priceTicks }: Level): boolean {
  return limitTicks === null || (side === 'buy' ? priceTicks <= limitTicks : priceTicks >= limitTicks);
}

function sum(fills: readonly Fill[]): Money {
  return fills.reduce((total, fill) => total.plus(fill.volume), zero);
}

/** The order as it is now, as an entry of its amend history. */
function amendOf(order: Order, id: string, kind: Amend['kind']): Amend {
  const { volume, limitTicks, trigger } = order.terms;
  const triggerTicks = trigger?.ticks ?? null;
  return { id, kind, atMs: order.changedMs, volume, left: remaining(order), limitTicks, triggerTicks };
}

/** What the account gets back when another order makes way. */
function creditOf(replaced: Order | undefined, terms: OrderTerms): Money {
  return replaced !== undefined && holdAsset(replaced.terms) === holdAsset(terms) ? replaced.held : zero;
}

/** What a new order starts from. */
interface Birth {
  readonly txid: string;
  readonly account: string;
  readonly terms: OrderTerms;
  readonly atMs: number;
  readonly refid: string | null;
}

function newOrder({ txid, account, terms, atMs, refid }: Birth): Order {
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
