import { candle } from '../../market/index.ts';
import { answer, type PublicEndpointContext, type PublicEndpoint } from '../endpoint-context.ts';
import { priceOf, type Side } from '../../market/index.ts';
import { fixed, money } from '../../catalog/index.ts';
import { readPairs } from '../../orders/index.ts';
import type { Pair } from '../../catalog/index.ts';

const dayMs = 86_400_000;

/** `Ticker`: all pairs, or those that `pair` names. "Today" is since midnight UTC. */
export const ticker: PublicEndpoint = (desk) => {
  const named = readPairs(desk.params, desk.market);
  const wanted = named.length === 0 ? desk.market.catalog.pairs : named;
  return answer(Object.fromEntries(wanted.map((pair) => [pair.id, tickerView(desk, pair)])));
};

function tickerView(desk: PublicEndpointContext, pair: Pair): Readonly<Record<string, unknown>> {
  const { market, atMs } = desk;
  const today = candle(market, pair, [atMs - (atMs % dayMs), atMs]);
  const day = candle(market, pair, [Math.max(0, atMs - dayMs), atMs]);
  const price = (ticks: number): string => fixed(priceOf(pair, ticks), pair.priceDecimals);
  return {
    a: best(desk, pair, 'buy'),
    b: best(desk, pair, 'sell'),
    c: [price(market.lastTicks(pair, atMs)), fixed(pair.levelVolume.times(money('0.05')), pair.lotDecimals)],
    v: [fixed(today.volume, pair.lotDecimals), fixed(day.volume, pair.lotDecimals)],
    p: [price(today.mean), price(day.mean)],
    t: [today.trades, day.trades],
    l: [price(today.low), price(day.low)],
    h: [price(today.high), price(day.high)],
    o: price(today.open),
  };
}

/** Price, whole lots and lots of the best level that an order of this side would meet. */
function best({ market, atMs }: PublicEndpointContext, pair: Pair, side: Side): readonly string[] {
  for (const { priceTicks, volume } of market.levelsAgainst(pair, side, atMs)) {
    const price = fixed(priceOf(pair, priceTicks), pair.priceDecimals);
    return [price, fixed(volume.round(0, 0), 0), fixed(volume, 3)];
  }
  return [fixed(priceOf(pair, 0), pair.priceDecimals), '0', '0.000'];
}
