import type { Asset } from '../catalog/index.ts';
import { type Market, priceOf } from '../market/index.ts';
import { type Amounts, money, type Money, zero } from '../catalog/index.ts';

/** When and where amounts are valued. */
export interface Valuation {
  readonly market: Market;
  readonly atMs: number;
}

/** All amounts together in one asset, over the dollar; for showing, not for money that moves. */
export function worthIn(asset: Asset, amounts: Amounts, valuation: Valuation): Money {
  const dollars = [...amounts].reduce(
    (sum, [id, amount]) => sum.plus(amount.times(inDollars(id, valuation))),
    zero,
  );
  return dollars.div(inDollars(asset.id, valuation));
}

/** Dollars that one unit of an asset is worth. */
function inDollars(id: string, { market, atMs }: Valuation): Money {
  if (id === 'ZUSD') return one;
  const direct = market.catalog.pairs.find((pair) => pair.base.id === id && pair.quote.id === 'ZUSD');
  if (direct !== undefined) return priceOf(direct, market.lastTicks(direct, atMs));
  return id === 'ZEUR' ? euroInDollars : zero;
}

const one = money('1');
/** No pair trades the euro for the dollar here, so its worth stands still. */
const euroInDollars = money('1.09');
