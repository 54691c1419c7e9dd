import { type Level, type Market, priceOf } from '../market/index.ts';
import { type Money, rounding, smaller, zero } from '../catalog/index.ts';
import type { FeeRates, OrderTerms } from './order.ts';

/** Part of an order that trades at one price. */
export interface Fill {
  readonly priceTicks: number;
  readonly volume: Money;
  readonly maker: boolean;
  readonly atMs: number;
}

/** What a fill is worth. */
export interface Worth {
  readonly price: Money;
  /** In the quote asset. What lies below an asset's last decimal is dropped, here and in the fee. */
  readonly cost: Money;
  /** In the asset that the order's terms say. */
  readonly fee: Money;
}

/** Whether an order on these terms could trade now. */
export function meets(market: Market, { pair, side, limitTicks }: OrderTerms, atMs: number): boolean {
  const best = market.bestOppositeTicks(pair, side, atMs);
  return limitTicks === null || (side === 'buy' ? best <= limitTicks : best >= limitTicks);
}

/** What of `volume` the house would take now within the order's limit, level by level. */
export function takings(
  market: Market,
  terms: OrderTerms,
  { volume, atMs }: { readonly volume: Money; readonly atMs: number },
): readonly Fill[] {
  const fills: Fill[] = [];
  let left = volume;
  for (const level of market.levelsAgainst(terms.pair, terms.side, atMs)) {
    if (!left.gt(zero) || !isWithin(terms, level)) break;
    const part = smaller(left, level.volume);
    fills.push({ priceTicks: level.priceTicks, volume: part, maker: false, atMs });
    left = left.minus(part);
  }
  return fills;
}

/** The volume of all fills together. */
export function volumeOf(fills: readonly Fill[]): Money {
  return fills.reduce((total, { volume }) => total.plus(volume), zero);
}

/** Price, cost and fee of a fill. */
export function worthOf(terms: OrderTerms, { priceTicks, volume, maker }: Fill, rates: FeeRates): Worth {
  const { base, quote } = terms.pair;
  const price = priceOf(terms.pair, priceTicks);
  const cost = price.times(volume).round(quote.decimals, rounding.down);
  const [worth, asset] = terms.feeIn === 'quote' ? [cost, quote] : [volume, base];
  const fee = worth.times(maker ? rates.maker : rates.taker).round(asset.decimals, rounding.down);
  return { price, cost, fee };
}

/** What a buyer pays for the fills in the quote asset. */
export function paidFor(terms: OrderTerms, fills: readonly Fill[], rates: FeeRates): Money {
  return fills.reduce((total, fill) => {
    const { cost, fee } = worthOf(terms, fill, rates);
    return total.plus(terms.feeIn === 'quote' ? cost.plus(fee) : cost);
  }, zero);
}

function isWithin({ side, limitTicks }: OrderTerms, { priceTicks }: Level): boolean {
  return limitTicks === null || (side === 'buy' ? priceTicks <= limitTicks : priceTicks >= limitTicks);
}
