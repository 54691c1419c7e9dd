import { answer, type PublicEndpoint } from '../endpoint-context.ts';
import { priceOf } from '../../market/index.ts';
import { fixed } from '../../catalog/index.ts';
import { readPair } from '../../orders/index.ts';
import { integer } from '../../params/index.ts';
import { tickAt, tickMs } from '../../market/index.ts';
import { wholeSeconds } from '../../market/index.ts';

/** Spreads shown, at most: one for each tick. */
const shownMax = 200;

/** `Spread`: best bid and ask of the last ticks, or of those since a UNIX time. */
export const spread: PublicEndpoint = ({ params, market, atMs }) => {
  const pair = readPair(params, market);
  const lastTick = tickAt(atMs);
  const sinceTick = tickAt((integer(params, 'since') ?? 0) * 1000);
  const firstTick = Math.max(0, sinceTick, lastTick - shownMax + 1);
  const ticks = Array.from(
    { length: Math.max(0, lastTick - firstTick + 1) },
    (_, index) => firstTick + index,
  );
  const shown = ticks.map((tick) => {
    const bid = market.lastTicks(pair, tick * tickMs);
    const price = (at: number): string => fixed(priceOf(pair, at), pair.priceDecimals);
    return [wholeSeconds(tick * tickMs), price(bid), price(bid + 1)];
  });
  return answer({ [pair.id]: shown, last: wholeSeconds(atMs) });
};
