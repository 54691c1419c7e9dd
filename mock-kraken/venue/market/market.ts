import { type Catalog, catalogWith } from '../catalog/index.ts';
import { hash32 } from './hash.ts';
import { money, type Money, zero } from '../catalog/index.ts';
import type { Pair } from '../catalog/index.ts';
import { swingPpm, tickAt } from './price-walk.ts';

/** One price level of the house's book. */
export interface Level {
  readonly priceTicks: number;
  readonly volume: Money;
}

/** Which side an order is on. */
export type Side = 'buy' | 'sell';

/** Price levels the house keeps on each side. Kraken's `Depth` shows at most 500. */
export const bookLevelsMax = 500;

/**
 * The market that every order meets. Its price is a pure function of seed, pair and time (`price-walk.ts`)
 * until somebody pins it by hand. The house quotes both sides one tick apart, so no client's order ever
 * rests inside the spread and the house is always the best counterparty; clients do not trade with one
 * another. The book is full again after every order: an order has no impact on the next one, which keeps
 * what one account sees independent of what the others do at that moment.
 */
export class Market {
  /** What is traded. */
  readonly catalog: Catalog;
  readonly #seed: number;
  /** The seeded price looked at last, of each pair: most looks are at the tick of the look before. */
  readonly #looked = new Map<Pair, { readonly tick: number; readonly ticks: number }>();
  readonly #pins = new Map<Pair, { readonly fromMs: number; readonly ticks: number }>();

  constructor(seed: number, catalog: Catalog = catalogWith()) {
    this.catalog = catalog;
    this.#seed = seed;
  }

  /** Last price in ticks: also the best bid. The best ask is one tick above. */
  lastTicks(pair: Pair, atMs: number): number {
    const pin = this.#pins.get(pair);
    if (pin !== undefined && atMs >= pin.fromMs) return pin.ticks;
    return this.#seededTicks(pair, tickAt(atMs));
  }

  /** Whether the pair's price stands still until somebody moves it. */
  isPinned(pair: Pair): boolean {
    return this.#pins.has(pair);
  }

  /** Holds the price at `ticks` from a moment on. Earlier prices stay the seed's. */
  pin(pair: Pair, ticks: number, fromMs: number): void {
    this.#pins.set(pair, { fromMs, ticks });
  }

  /** Lets the seed drive the price again. */
  unpin(pair: Pair): void {
    this.#pins.delete(pair);
  }

  /** Best price that an order of this side can take at once. */
  bestOppositeTicks(pair: Pair, side: Side, atMs: number): number {
    const last = this.lastTicks(pair, atMs);
    return side === 'buy' ? last + 1 : last;
  }

  /** What an order of this side would meet, best first, at most so many levels. Prices below a tick do not exist. */
  *levelsAgainst(pair: Pair, side: Side, atMs: number, levelsMax: number = bookLevelsMax): Generator<Level> {
    const best = this.bestOppositeTicks(pair, side, atMs);
    const step = side === 'buy' ? 1 : -1;
    for (let depth = 0; depth < levelsMax; depth += 1) {
      const priceTicks = best + step * depth;
      if (priceTicks < 1) return;
      yield { priceTicks, volume: this.#levelVolume(pair, priceTicks, tickAt(atMs)) };
    }
  }

  /** A number below `span` that belongs to this pair, moment and purpose. */
  chance(pair: Pair, tick: number, purpose: number, span: number): number {
    return hash32(this.#seed, pair.index, tick, purpose) % span;
  }

  #seededTicks(pair: Pair, tick: number): number {
    const looked = this.#looked.get(pair);
    if (looked?.tick === tick) return looked.ticks;
    const swing = swingPpm(this.#seed, pair.index, tick);
    const ticks = pair.anchorTicks + Math.round((pair.anchorTicks * swing) / 1_000_000);
    this.#looked.set(pair, { tick, ticks });
    return ticks;
  }

  #levelVolume(pair: Pair, priceTicks: number, tick: number): Money {
    const tenths = 5 + (hash32(this.#seed, pair.index, priceTicks, tick) % 11);
    return pair.levelVolume.times(tenthsOf[tenths] ?? zero);
  }
}

/** 0/10 to 15/10: a level's volume has few decimals, so `Depth` shows it whole. */
const tenthsOf: readonly Money[] = Array.from({ length: 16 }, (_, count) =>
  money(BigInt(count)).times(money('0.1')),
);

/** A price in the quote asset from whole ticks. */
export function priceOf(pair: Pair, ticks: number): Money {
  return pair.tickSize.times(money(BigInt(ticks)));
}

/** Whole ticks of a price, or `null` when it lies between two. */
export function ticksOf(pair: Pair, price: Money): number | null {
  const ticks = price.div(pair.tickSize);
  const whole = ticks.round(0, 0);
  return whole.eq(ticks) && whole.lt(ticksBound) ? Number(whole.toFixed()) : null;
}

/** Far above any price, far below where whole numbers lose precision. */
const ticksBound = money('1000000000000000');
