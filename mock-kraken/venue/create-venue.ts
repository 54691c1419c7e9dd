import type {
  EndpointReply,
  MoneyTotals,
  OrderAge,
  OrderFacts,
  PrivateRequest,
  RequestParams,
  Venue,
  VenueControls,
} from '../venue-interface.ts';
import { balanceOf, Accounts, heldOf, type Balances } from './balances/index.ts';
import { VenueClock } from './orders/index.ts';
import type { EndpointContext } from './endpoints/index.ts';
import { EarnMoves } from './balances/index.ts';
import { Engine } from './orders/index.ts';
import { Ids } from './balances/index.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { amountFrom, assetNamed, balancesFrom, decimalFrom, pairNamed } from './control-input.ts';
import { Market, ticksOf } from './market/index.ts';
import { type Amounts, money, rounding, short, zero } from './catalog/index.ts';
import type { Pair } from './catalog/index.ts';
import { privateEndpoints } from './endpoints/index.ts';
import { ordersTouched } from './endpoints/index.ts';
import { publicEndpoints } from './endpoints/public/index.ts';
import { Refusal } from './errors/index.ts';
import { Reports } from './endpoints/index.ts';
import { VenueError } from './errors/index.ts';
import { settingsOf, type VenueOptions, type VenueSettings } from '../venue-options.ts';

/** A venue with everything the exchange, its limiter, tests and an admin interface need of it. */
export type TradingVenue = Venue & OrderFacts & VenueControls;

/**
 * A small, exact Kraken: accounts, a seeded market, matching, every REST endpoint. Plain state without
 * clock, chance or sockets: the same requests at the same times give the same answers. Cheap to make.
 *
 * What it does not model: clients trading with each other, market impact, margin, an index price (`trigger=index`
 * reads the last price), fee tiers, deposits, consolidated taker trades, amends of trailing orders.
 */
export function createVenue(options: VenueOptions = {}): TradingVenue {
  return new SeededVenue(settingsOf(options));
}

/** Everything that `reset` throws away. */
interface Parts {
  readonly market: Market;
  readonly ids: Ids;
  readonly books: Accounts;
  readonly engine: Engine;
  readonly clockwork: VenueClock;
  readonly earnMoves: EarnMoves;
  readonly reports: Reports;
}

function partsOf(settings: VenueSettings): Parts {
  const market = new Market(settings.seed, settings.catalog);
  const ids = new Ids(settings.seed);
  const books = new Accounts(ids, settings.ledgerRowsMax);
  const engine = new Engine({ market, books, ids, settings });
  const reports = new Reports(settings.exportsMax);
  return {
    market,
    ids,
    books,
    engine,
    clockwork: new VenueClock(engine),
    earnMoves: new EarnMoves(),
    reports,
  };
}

class SeededVenue implements TradingVenue {
  readonly #settings: VenueSettings;
  readonly #openings = new Map<string, Amounts>();
  #parts: Parts;

  constructor(settings: VenueSettings) {
    this.#settings = settings;
    this.#parts = partsOf(settings);
  }

  openAccount(account: string, balances?: Readonly<Record<string, string>>): void {
    if (this.#openings.has(account)) {
      throw new VenueError('account_open', `Failed to open account ${account}: it is open. Use setBalance.`);
    }
    const { catalog } = this.#settings;
    const opening = balances === undefined ? catalog.openingBalances : balancesFrom(balances, catalog);
    this.#openings.set(account, opening);
    this.#parts.books.open(account, opening);
  }

  callPrivate(request: PrivateRequest): EndpointReply {
    const endpoint = privateEndpoints.get(request.method);
    const atMs = this.#parts.clockwork.advance(request.atMs);
    if (endpoint === undefined) return refused([KRAKEN_ERRORS.unknownMethod]);
    return answered(() => endpoint(this.#deskFor(request, atMs)));
  }

  callPublic(method: string, params: RequestParams, atMs: number): EndpointReply {
    const endpoint = publicEndpoints.get(method);
    if (endpoint === undefined) return refused([KRAKEN_ERRORS.unknownMethod]);
    const { market } = this.#parts;
    return answered(() => endpoint({ market, settings: this.#settings, params, atMs }));
  }

  pairId(name: string): string | null {
    return this.#settings.catalog.findPair(name)?.id ?? null;
  }

  openOrderCount(account: string, pairId: string, atMs?: number): number {
    if (atMs !== undefined) this.#parts.clockwork.advance(atMs);
    return this.#parts.engine.open.of(account).filter(({ terms }) => terms.pair.id === pairId).length;
  }

  orderAge(account: string, txid: string, atMs: number): number | null {
    const now = this.#parts.clockwork.advance(atMs);
    const order = this.#parts.engine.open.get(account, txid);
    return order === undefined ? null : now - order.changedMs;
  }

  ordersTouched(request: PrivateRequest): readonly OrderAge[] {
    return ordersTouched(this.#deskFor(request, this.#parts.clockwork.advance(request.atMs)));
  }

  setPrice(pair: string, price: string, atMs: number): void {
    const known = pairNamed(pair, this.#settings.catalog);
    this.#pin(known, ticksOf(known, decimalFrom(price)), atMs);
  }

  advancePrice(pair: string, percent: string, atMs: number): void {
    const known = pairNamed(pair, this.#settings.catalog);
    const now = this.#parts.market.lastTicks(known, atMs);
    const moved = money(BigInt(now)).times(decimalFrom(percent).plus(hundred)).div(hundred);
    this.#pin(known, ticksOf(known, moved.round(0, rounding.halfUp).times(known.tickSize)), atMs);
  }

  releasePrice(pair: string, atMs: number): void {
    const known = pairNamed(pair, this.#settings.catalog);
    const now = this.#parts.clockwork.advance(atMs);
    this.#parts.market.unpin(known);
    this.#parts.clockwork.match(known, now);
  }

  setBalance(account: string, asset: string, balance: string, atMs: number): void {
    const now = this.#parts.clockwork.advance(atMs);
    const purse = this.#purseOf(account);
    const known = assetNamed(asset, this.#settings.catalog);
    const { id } = known;
    const wanted = amountFrom(known, balance);
    if (wanted.lt(heldOf(purse, id))) {
      const held = short(heldOf(purse, id));
      throw new VenueError(
        'bad_amount',
        `Failed to set ${id} of ${account} to ${balance}: open orders hold ${held}.`,
      );
    }
    const amount = wanted.minus(balanceOf(purse, id));
    const refid = this.#parts.ids.next('A');
    this.#parts.books.putIn(purse, {
      type: 'adjustment',
      subtype: '',
      refid,
      asset: id,
      atMs: now,
      amount,
      fee: zero,
    });
  }

  totals(asset: string): MoneyTotals {
    const { accounts, house, fees, putIn } = this.#parts.books.totals(
      assetNamed(asset, this.#settings.catalog).id,
    );
    return { accounts: short(accounts), house: short(house), fees: short(fees), putIn: short(putIn) };
  }

  assetIds(): readonly string[] {
    return this.#settings.catalog.assets.map(({ id }) => id);
  }

  reset(): void {
    this.#parts = partsOf(this.#settings);
    for (const [account, opening] of this.#openings) this.#parts.books.open(account, opening);
  }

  #pin(pair: Pair, ticks: number | null, atMs: number): void {
    if (ticks === null || ticks < 1) {
      throw new VenueError(
        'bad_amount',
        `Failed to set the price of ${pair.id}: it is not on a tick above zero.`,
      );
    }
    const now = this.#parts.clockwork.advance(atMs);
    this.#parts.market.pin(pair, ticks, now);
    this.#parts.clockwork.match(pair, now);
  }

  #deskFor(request: PrivateRequest, atMs: number): EndpointContext {
    const purse = this.#purseOf(request.account);
    return { ...this.#parts, settings: this.#settings, params: request.params, atMs, purse, request };
  }

  #purseOf(account: string): Balances {
    const purse = this.#parts.books.purse(account);
    if (purse === undefined) {
      throw new VenueError(
        'unknown_account',
        `Failed to find account ${account}: it is not open. Call openAccount.`,
      );
    }
    return purse;
  }
}

const hundred = money('100');

function refused(error: readonly string[]): EndpointReply {
  return { error, effect: null };
}

function answered(run: () => EndpointReply): EndpointReply {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return refused(error.errors);
    throw error;
  }
}
