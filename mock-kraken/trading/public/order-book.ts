import { invalidArguments } from '../../kraken-errors.ts';
import { answer, type PublicEndpoint } from '../desk.ts';
import { bookLevelsMax, type Level, priceOf, type Side } from '../market.ts';
import { fixed } from '../money.ts';
import { readPair } from '../order-request.ts';
import type { Pair } from '../pairs.ts';
import { integer } from '../params.ts';
import { refuse } from '../refusal.ts';
import { wholeSeconds } from '../seconds.ts';

type ShownLevel = readonly [price: string, volume: string, atS: number];

/** `Depth`: the house's book; clients' own orders are not in it. */
export const depth: PublicEndpoint = (desk) => {
  const pair = readPair(desk.params, desk.market);
  const count = integer(desk.params, 'count') ?? 100;
  if (count < 1 || count > bookLevelsMax) refuse(invalidArguments('count'));
  const side = (against: Side): readonly ShownLevel[] =>
    [...desk.market.levelsAgainst(pair, against, desk.atMs, count)].map((level) =>
      levelView(pair, level, desk.atMs),
    );
  return answer({ [pair.id]: { asks: side('buy'), bids: side('sell') } });
};

function levelView(pair: Pair, { priceTicks, volume }: Level, atMs: number): ShownLevel {
  const price = fixed(priceOf(pair, priceTicks), pair.priceDecimals);
  return [price, fixed(volume, volumeDecimals), wholeSeconds(atMs)];
}

/** Digits of a volume in Kraken's `Depth`. */
const volumeDecimals = 3;
