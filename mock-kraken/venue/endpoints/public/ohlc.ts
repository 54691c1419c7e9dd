import { invalidArguments } from '../../../kraken-errors.ts';
import { candle } from '../../market/index.ts';
import { answer, type PublicEndpointContext, type PublicEndpoint } from '../endpoint-context.ts';
import { priceOf } from '../../market/index.ts';
import { fixed } from '../../catalog/index.ts';
import { readPair } from '../../orders/index.ts';
import type { Pair } from '../../catalog/index.ts';
import { integer } from '../../params/index.ts';
import { refuse } from '../../errors/index.ts';
import { wholeSeconds } from '../../market/index.ts';

/** Minutes that a candle may last (Kraken's OHLC page). */
const intervals: readonly number[] = [1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600];

/** Candles in one answer, at most (Kraken's OHLC page). */
const shownMax = 720;

/** `OHLC`: the last is the one under way; `last` is the start of the one before it, made for the next `since`. */
export const ohlc: PublicEndpoint = (desk) => {
  const pair = readPair(desk.params, desk.market);
  const minutes = integer(desk.params, 'interval') ?? 1;
  if (!intervals.includes(minutes)) refuse(invalidArguments('interval'));
  const lengthMs = minutes * 60_000;
  const current = Math.floor(desk.atMs / lengthMs);
  const since = Math.floor(((integer(desk.params, 'since') ?? 0) * 1000) / lengthMs);
  const first = Math.max(0, since, current - shownMax + 1);
  const starts = Array.from(
    { length: Math.max(0, current - first + 1) },
    (_, index) => (first + index) * lengthMs,
  );
  const shown = starts.map((startMs) => candleView(desk, pair, [startMs, startMs + lengthMs - 1]));
  return answer({ [pair.id]: shown, last: wholeSeconds(Math.max(0, current - 1) * lengthMs) });
};

function candleView(
  { market, atMs }: PublicEndpointContext,
  pair: Pair,
  [startMs, endMs]: readonly [number, number],
): readonly unknown[] {
  const { open, high, low, close, mean, volume, trades } = candle(market, pair, [
    startMs,
    Math.min(endMs, atMs),
  ]);
  const prices = [open, high, low, close, mean].map((ticks) =>
    fixed(priceOf(pair, ticks), pair.priceDecimals),
  );
  return [wholeSeconds(startMs), ...prices, fixed(volume, pair.lotDecimals), trades];
}
