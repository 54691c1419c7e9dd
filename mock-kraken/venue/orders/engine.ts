import { KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { availableOf, type Accounts, hold, type Balances } from '../balances/index.ts';
import { type Fill, meets, paidFor, takings, volumeOf, worthOf } from './fills.ts';
import type { Ids } from '../balances/index.ts';
import type { Market } from '../market/index.ts';
import { money, type Money, zero } from '../catalog/index.ts';
import { OpenOrders } from './open-orders.ts';
import {
  amendOf,
  type FeeRates,
  feeRates,
  holdAsset,
  holdFor,
  isLive,
  newOrder,
  type Order,
  type OrderTerms,
  remaining,
  type Trigger,
} from './order.ts';
import { closeRequest } from './order-close.ts';
import { readOrder } from './order-request.ts';
import { Records } from '../balances/index.ts';
import { Refusal, refuse } from '../errors/index.ts';
import { Tape } from './tape.ts';
import type { Trade } from './trade.ts';
import { TRADING_ERRORS } from '../errors/index.ts';
import { follow, isTouched, isWaiting, withTrigger } from './triggers.ts';
import type { VenueSettings } from '../../venue-options.ts';

/** What the engine works with. */
export interface EngineParts {
  readonly market: Market;
  readonly books: Accounts;
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
const amendsPerOrderMax = 20;

/**
 * The matching engine: places, executes, amends and ends orders. It moves no clock; `clockwork.ts` does.
 *
 * Invariant, per account and asset: held is the sum of `held` over its open orders, and 0 <= held <= balance.
 */
export class Engine {
  readonly open: OpenOrders = new OpenOrders();
  readonly closed: Records<Order>;
  readonly rates: FeeRates;
  readonly #parts: EngineParts;
  readonly #tape: Tape;

  constructor(parts: EngineParts) {
    const { books, ids, settings } = parts;
    this.#parts = parts;
    this.#tape = new Tape(books, ids, settings.tradesMax);
    this.closed = new Records(settings.closedOrdersMax);
    this.rates = feeRates(money(settings.makerFee), money(settings.takerFee));
  }

  get trades(): Records<Trade> {
    return this.#tape.trades;
  }

  /** Refuses the order if the account cannot pay for it, or may not place it so. Changes nothing. */
  check(purse: Balances, terms: OrderTerms, { atMs, replaces }: Placement): void {
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
  place(purse: Balances, terms: OrderTerms, placement: Placement): Order {
    this.check(purse, terms, placement);
    const { atMs, refid = null, replaces } = placement;
    if (replaces !== undefined) this.end(replaces, 'canceled', { atMs, reason: 'User requested' });
    const order = newOrder({ txid: this.#parts.ids.next('O'), account: purse.account, terms, atMs, refid });
    this.open.add(order);
    this.#holdRest(order);
    if (order.status === 'open') this.#enter(order, atMs);
    return order;
  }

  /** Wakes an order that waited for its start time. */
  start(order: Order, atMs: number): void {
    order.status = 'open';
    this.#enter(order, atMs);
  }

  /** Executes a resting order as far as the market has come to its price, or sets off its trigger. */
  meet(order: Order, atMs: number): void {
    if (order.status !== 'open') return;
    if (isWaiting(order.terms.trigger)) return this.#watch(order, order.terms.trigger, atMs);
    const { limitTicks } = order.terms;
    if (limitTicks === null || !this.#meets(order.terms, atMs)) return;
    const volume = volumeOf(this.#takings(order.terms, remaining(order), atMs));
    if (volume.gt(zero)) this.#execute(order, { priceTicks: limitTicks, volume, maker: true, atMs });
  }

  /** Takes a live order off the book and gives back what it held. */
  end(order: Order, status: 'canceled' | 'expired' | 'closed', { atMs, reason }: Ending): void {
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
    if (passive && order.status === 'open' && this.#meets(terms, atMs)) refuse(TRADING_ERRORS.postOnly);
    const available = availableOf(this.#purseOf(order), holdAsset(terms)).plus(order.held);
    if (left.gt(zero) && holdFor(terms, left, this.rates).gt(available)) {
      refuse(KRAKEN_ERRORS.insufficientFunds);
    }
    if (order.amends.length === 0) order.amends.push(amendOf(order, order.txid, 'original'));
    order.terms = left.gt(zero) ? terms : { ...terms, volume: order.executed };
    order.changedMs = atMs;
    order.amends.push(amendOf(order, id, 'user'));
    if (order.amends.length > amendsPerOrderMax) order.amends.splice(1, 1);
    if (!left.gt(zero)) return this.end(order, 'canceled', { atMs, reason: 'Amended to executed volume' });
    this.#holdRest(order);
    if (order.status === 'open') this.#enter(order, atMs);
  }

  /** Sends an open order into the book: takes what it may, then rests, ends or waits for its trigger. */
  #enter(order: Order, atMs: number): void {
    const { terms } = order;
    if (isWaiting(terms.trigger)) return this.#watch(order, terms.trigger, atMs);
    if (terms.postOnly && this.#meets(terms, atMs)) {
      return this.end(order, 'canceled', { atMs, reason: 'Post only order' });
    }
    const fills = this.#takings(terms, remaining(order), atMs);
    const tooFew = terms.timeInForce === 'FOK' && volumeOf(fills).lt(remaining(order));
    for (const fill of tooFew ? [] : fills) this.#execute(order, fill);
    if (!isLive(order) || mayRest(terms)) return;
    const reason = terms.type === 'market' ? 'No liquidity' : 'Immediate or cancel';
    this.end(order, 'canceled', { atMs, reason });
  }

  /** Follows the price with a trailing trigger, and sends the order into the book when its trigger is touched. */
  #watch(order: Order, trigger: Trigger, atMs: number): void {
    const last = this.#parts.market.lastTicks(order.terms.pair, atMs);
    const followed = follow(trigger, last);
    const touched = isTouched(followed, last);
    order.terms = withTrigger(order.terms, touched ? { ...followed, touchedMs: atMs } : followed);
    if (!touched) return this.#holdRest(order);
    if (!this.#canPay(order, atMs)) {
      return this.end(order, 'canceled', { atMs, reason: 'Insufficient funds' });
    }
    this.#enter(order, atMs);
  }

  /** A stop without a limit set aside an estimate; what it really costs is known when it is touched. */
  #canPay(order: Order, atMs: number): boolean {
    const { terms } = order;
    if (terms.limitTicks !== null || terms.side === 'sell') return true;
    const needed = paidFor(terms, this.#takings(terms, remaining(order), atMs), this.rates);
    return needed.lte(availableOf(this.#purseOf(order), holdAsset(terms)).plus(order.held));
  }

  /** What the account must have available for a new order. */
  #needs(terms: OrderTerms, atMs: number): Money {
    const priced = terms.limitTicks !== null || terms.trigger !== null || terms.side === 'sell';
    return priced
      ? holdFor(terms, terms.volume, this.rates)
      : paidFor(terms, this.#takings(terms, terms.volume, atMs), this.rates);
  }

  #meets(terms: OrderTerms, atMs: number): boolean {
    return meets(this.#parts.market, terms, atMs);
  }

  #takings(terms: OrderTerms, volume: Money, atMs: number): readonly Fill[] {
    return takings(this.#parts.market, terms, { volume, atMs });
  }

  #execute(order: Order, fill: Fill): void {
    const worth = worthOf(order.terms, fill, this.rates);
    order.executed = order.executed.plus(fill.volume);
    order.cost = order.cost.plus(worth.cost);
    order.fee = order.fee.plus(worth.fee);
    this.#tape.write(this.#purseOf(order), order, { fill, worth });
    if (remaining(order).gt(zero)) this.#holdRest(order);
    else this.end(order, 'closed', { atMs: fill.atMs, reason: null });
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

  /** Sets aside what the rest of an order may cost. */
  #holdRest(order: Order): void {
    this.#setHold(order, holdFor(order.terms, remaining(order), this.rates));
  }

  #setHold(order: Order, held: Money): void {
    hold(this.#purseOf(order), holdAsset(order.terms), held.minus(order.held));
    order.held = held;
  }

  #purseOf(order: Order): Balances {
    const purse = this.#parts.books.purse(order.account);
    if (purse === undefined) throw new TypeError(`Failed to find purse: ${order.account} is not open.`);
    return purse;
  }
}

/** When and why an order ends. */
interface Ending {
  readonly atMs: number;
  /** As `ClosedOrders` shows it; `null` when it simply was executed. */
  readonly reason: string | null;
}

function mayRest({ limitTicks, timeInForce }: OrderTerms): boolean {
  return limitTicks !== null && timeInForce !== 'IOC' && timeInForce !== 'FOK';
}

/** What the account gets back when another order makes way. */
function creditOf(replaced: Order | undefined, terms: OrderTerms): Money {
  return replaced !== undefined && holdAsset(replaced.terms) === holdAsset(terms) ? replaced.held : zero;
}
