import type { Market } from './market.ts';
import { money, type Money } from '../catalog/index.ts';
import type { Pair } from '../catalog/index.ts';
import { tickAt, tickMs } from './price-walk.ts';

/** What happened to a price in a stretch of time. Prices in ticks of the pair. */
export interface Candle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Average of the prices looked at. */
  readonly mean: number;
  readonly volume: Money;
  readonly trades: number;
}

/** Prices looked at in one candle, at most: first, last and evenly between. */
const looksMax = 12;

/** The candle from one moment to another, both included. */
export function candle(market: Market, pair: Pair, [fromMs, toMs]: readonly [number, number]): Candle {
  const first = tickAt(fromMs);
  const last = Math.max(first, tickAt(toMs));
  const looks = Math.min(looksMax, last - first + 1);
  const prices = Array.from({ length: looks }, (_, look) => {
    const tick = looks === 1 ? last : first + Math.floor(((last - first) * look) / (looks - 1));
    return market.lastTicks(pair, look === looks - 1 ? toMs : tick * tickMs);
  });
  return { ...shapeOf(prices), ...activity(pair, last - first + 1) };
}

function shapeOf(prices: readonly number[]): Pick<Candle, 'open' | 'high' | 'low' | 'close' | 'mean'> {
  const mean = Math.round(prices.reduce((sum, price) => sum + price, 0) / prices.length);
  const [open = mean] = prices;
  return { open, high: Math.max(...prices), low: Math.min(...prices), close: prices.at(-1) ?? mean, mean };
}

/** One trade a tick, each of a twentieth of what a price level offers. */
function activity(pair: Pair, ticks: number): Pick<Candle, 'volume' | 'trades'> {
  return { volume: pair.levelVolume.times(money('0.05')).times(money(BigInt(ticks))), trades: ticks };
}
