import type { TradingVenue } from '../mock-kraken/index.ts';

/** A decimal as a whole number of 10^-20: other arithmetic than the venue's on purpose. */
export type Units = bigint;

const decimals = 20;
const one: Units = 10n ** BigInt(decimals);

/** Units of a plain decimal. */
export function units(text: string): Units {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * one + BigInt(fraction.padEnd(decimals, '0'));
  return text.startsWith('-') ? -value : value;
}

/** The number with this many digits after the point; throws when it has more. */
export function shown(value: Units, digits: number): string {
  const step = 10n ** BigInt(decimals - digits);
  if (value % step !== 0n) throw new Error(`${value} has more than ${digits} decimals`);
  const text = String((value < 0n ? -value : value) / step).padStart(digits + 1, '0');
  const sign = value < 0n ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const times = (a: Units, b: Units): Units => (a * b) / one;

function cut(value: Units, digits: number): Units {
  const step = 10n ** BigInt(decimals - digits);
  return value - (value % step);
}

function raise(value: Units, digits: number): Units {
  const step = 10n ** BigInt(decimals - digits);
  return cut(value + step - 1n, digits);
}

/** A market as the model knows it. */
export interface ModelPair {
  readonly id: string;
  readonly base: string;
  readonly baseDigits: number;
  readonly quote: string;
  readonly quoteDigits: number;
  readonly priceDigits: number;
}

/** The two markets that the model trades: different quote assets, one asset in common. */
export const modelPairs: readonly [ModelPair, ModelPair] = [
  { id: 'XXBTZUSD', base: 'XXBT', baseDigits: 10, quote: 'ZUSD', quoteDigits: 4, priceDigits: 1 },
  { id: 'XETHXXBT', base: 'XETH', baseDigits: 10, quote: 'XXBT', quoteDigits: 10, priceDigits: 5 },
];

/** Digits that each asset of the model is kept with. */
export const assetDigits: Readonly<Record<string, number>> = { ZUSD: 4, XXBT: 10, XETH: 10 };

/** What an order asks for. */
export interface ModelRequest {
  readonly pair: ModelPair;
  readonly side: 'buy' | 'sell';
  /** `null` for a market order. */
  readonly limit: Units | null;
  readonly volume: Units;
  readonly flag: '' | 'post' | 'IOC' | 'FOK';
  readonly feeIn: 'base' | 'quote';
  /** 0: never. */
  readonly expireMs: number;
  readonly clientId: string | null;
}

/** An open order. */
export interface ModelOrder extends Omit<ModelRequest, 'limit' | 'volume'> {
  readonly txid: string;
  readonly account: string;
  limit: Units | null;
  volume: Units;
  executed: Units;
}

type Level = readonly [price: Units, volume: Units];

const maker = units('0.0025');
const taker = units('0.0040');
const tickMs = 1000;
/** Price levels that the model reads: more than any order the accounts can pay for eats. */
const levelsRead = 60;

/**
 * What the venue should hold, worked out the slow way. It knows nothing of the venue's code: prices and
 * volumes on offer it reads from the public order book of the moment, everything else it reckons.
 */
export class VenueModel {
  readonly balances: Map<string, Map<string, Units>> = new Map();
  readonly fees: Map<string, Units> = new Map();
  readonly switches: Map<string, number> = new Map();
  /** Oldest first. */
  orders: ModelOrder[] = [];
  nowMs: number;
  readonly #venue: TradingVenue;

  constructor(
    venue: TradingVenue,
    accounts: Readonly<Record<string, Readonly<Record<string, string>>>>,
    nowMs: number,
  ) {
    this.#venue = venue;
    this.nowMs = nowMs;
    for (const [account, amounts] of Object.entries(accounts)) {
      this.balances.set(
        account,
        new Map(Object.entries(amounts).map(([asset, text]) => [asset, units(text)])),
      );
    }
  }

  balance(account: string, asset: string): Units {
    return this.balances.get(account)?.get(asset) ?? 0n;
  }

  /** What the open orders of an account set aside of an asset. */
  held(account: string, asset: string): Units {
    const own = this.orders.filter((order) => order.account === account && heldAsset(order) === asset);
    return own.reduce((sum, order) => sum + this.heldBy(order), 0n);
  }

  /** What one open order sets aside. */
  heldBy(order: ModelOrder): Units {
    return holdOf(order, order.volume - order.executed);
  }

  /** Best price that a buyer or a seller gets now. */
  best(pair: ModelPair, side: 'buy' | 'sell'): Units {
    return this.#offers(pair, side, this.nowMs)[0]?.[0] ?? 0n;
  }

  /** The error that the venue should answer with, or `null`. */
  refusal(account: string, request: ModelRequest, credit: Units = 0n): string | null {
    if (request.clientId !== null && this.orders.some(isNamed(account, request.clientId))) {
      return 'EGeneral:Invalid arguments:cl_ord_id not unique';
    }
    if (request.flag === 'post' && this.#offersWithin(request, this.nowMs).length > 0)
      return 'EOrder:Post only order';
    const asset = heldAsset(request);
    const free = this.balance(account, asset) - this.held(account, asset) + credit;
    return this.#needs(request) > free ? 'EOrder:Insufficient funds' : null;
  }

  place(account: string, txid: string, request: ModelRequest): void {
    const order = { ...request, account, txid, executed: 0n };
    this.orders.push(order);
    this.#take(order, this.nowMs);
  }

  cancel(orders: readonly ModelOrder[]): void {
    this.orders = this.orders.filter((order) => !orders.includes(order));
  }

  /** The error of an amend, or `null` after doing it. */
  amend(order: ModelOrder, volume: Units, limit: Units): string | null {
    const left = volume - order.executed;
    const wanted = { ...order, volume, limit };
    if (order.flag === 'post' && this.#offersWithin(wanted, this.nowMs).length > 0)
      return 'EOrder:Post only order';
    const asset = heldAsset(order);
    const rest = order.volume - order.executed;
    const free = this.balance(order.account, asset) - this.held(order.account, asset) + holdOf(order, rest);
    if (left > 0n && holdOf(wanted, left) > free) return 'EOrder:Insufficient funds';
    order.volume = volume;
    order.limit = limit;
    if (left <= 0n) this.cancel([order]);
    else this.#take(order, this.nowMs);
    return null;
  }

  /** Lets time pass: expiries and switches when they are due, the market at the start of every second. */
  advance(toMs: number): void {
    const moments = [toMs, ...this.orders.map(({ expireMs }) => expireMs), ...this.switches.values()];
    for (let ms = (Math.floor(this.nowMs / tickMs) + 1) * tickMs; ms <= toMs; ms += tickMs) moments.push(ms);
    const due = moments.filter((ms) => ms >= this.nowMs && ms <= toMs && ms > 0).sort((a, b) => a - b);
    for (const ms of new Set(due)) this.#moment(ms);
    this.nowMs = toMs;
  }

  /** Lets the orders of a pair meet the market of now. */
  meet(pair: ModelPair, atMs: number = this.nowMs): void {
    for (const order of this.orders.filter((each) => each.pair === pair)) this.#rest(order, atMs);
  }

  #moment(ms: number): void {
    this.cancel(this.orders.filter(({ expireMs }) => expireMs > 0 && expireMs <= ms));
    for (const [account, switchMs] of this.switches) {
      if (switchMs > ms) continue;
      this.cancel(this.orders.filter((order) => order.account === account));
      this.switches.delete(account);
    }
    if (ms % tickMs === 0 && ms > this.nowMs) for (const pair of modelPairs) this.meet(pair, ms);
  }

  /** As a newcomer: at the prices on offer, as a taker. */
  #take(order: ModelOrder, atMs: number): void {
    const fills = fill(this.#offersWithin(order, atMs), order.volume - order.executed);
    const whole = fills.reduce((sum, [, volume]) => sum + volume, 0n) === order.volume - order.executed;
    if (order.flag !== 'FOK' || whole)
      for (const [price, volume] of fills) this.#settle(order, [price, volume], taker);
    const rests = order.limit !== null && order.flag !== 'IOC' && order.flag !== 'FOK';
    if (order.executed === order.volume || !rests) this.cancel([order]);
  }

  /** As one that was there before: at its own price, as a maker. */
  #rest(order: ModelOrder, atMs: number): void {
    const fills = fill(this.#offersWithin(order, atMs), order.volume - order.executed);
    const volume = fills.reduce((sum, [, part]) => sum + part, 0n);
    if (volume > 0n) this.#settle(order, [order.limit ?? 0n, volume], maker);
    if (order.executed === order.volume) this.cancel([order]);
  }

  #settle(order: ModelOrder, [price, volume]: Level, rate: Units): void {
    const { pair, account, side, feeIn } = order;
    const cost = cut(times(price, volume), pair.quoteDigits);
    const fee =
      feeIn === 'quote'
        ? cut(times(cost, rate), pair.quoteDigits)
        : cut(times(volume, rate), pair.baseDigits);
    const sign = side === 'buy' ? 1n : -1n;
    this.#add(account, pair.base, sign * volume);
    this.#add(account, pair.quote, -sign * cost);
    const feeAsset = feeIn === 'quote' ? pair.quote : pair.base;
    this.#add(account, feeAsset, -fee);
    this.fees.set(feeAsset, (this.fees.get(feeAsset) ?? 0n) + fee);
    order.executed += volume;
  }

  #add(account: string, asset: string, amount: Units): void {
    this.balances.get(account)?.set(asset, this.balance(account, asset) + amount);
  }

  #needs(request: ModelRequest): Units {
    if (request.limit !== null || request.side === 'sell') return holdOf(request, request.volume);
    const { pair, feeIn } = request;
    return fill(this.#offersWithin(request, this.nowMs), request.volume).reduce((sum, [price, volume]) => {
      const cost = cut(times(price, volume), pair.quoteDigits);
      return sum + cost + (feeIn === 'quote' ? cut(times(cost, taker), pair.quoteDigits) : 0n);
    }, 0n);
  }

  #offersWithin({ pair, side, limit }: ModelRequest | ModelOrder, atMs: number): readonly Level[] {
    const within = (price: Units): boolean =>
      limit === null || (side === 'buy' ? price <= limit : price >= limit);
    return this.#offers(pair, side, atMs).filter(([price]) => within(price));
  }

  #offers(pair: ModelPair, side: 'buy' | 'sell', atMs: number): readonly Level[] {
    const { result } = this.#venue.callPublic('Depth', { pair: pair.id, count: levelsRead }, atMs);
    const { asks, bids } = (result as Record<string, Record<'asks' | 'bids', [string, string, number][]>>)[
      pair.id
    ] ?? {
      asks: [],
      bids: [],
    };
    return (side === 'buy' ? asks : bids).map(([price, volume]) => [units(price), units(volume)]);
  }
}

/** Whether an order has this client order id. */
function isNamed(account: string, clientId: string): (order: ModelOrder) => boolean {
  return (order) => order.account === account && order.clientId === clientId;
}

function heldAsset({ pair, side }: ModelRequest | ModelOrder): string {
  return side === 'buy' ? pair.quote : pair.base;
}

function holdOf({ pair, side, limit, feeIn }: ModelRequest | ModelOrder, volume: Units): Units {
  const worth = side === 'buy' ? times(limit ?? 0n, volume) : volume;
  const fee = (side === 'buy') === (feeIn === 'quote') ? times(worth, taker) : 0n;
  return raise(worth + fee, side === 'buy' ? pair.quoteDigits : pair.baseDigits);
}

/** Parts of the offers that add up to the volume, as far as they go. */
function fill(offers: readonly Level[], volume: Units): readonly Level[] {
  const fills: Level[] = [];
  let left = volume;
  for (const [price, offered] of offers) {
    if (left <= 0n) break;
    const part = left < offered ? left : offered;
    fills.push([price, part]);
    left -= part;
  }
  return fills;
}
