import { invalidArguments } from '../../../kraken-errors.ts';
import { answer, type PublicEndpoint } from '../endpoint-context.ts';
import { bookLevelsMax, type Level, priceOf, type Side } from '../../market/index.ts';
import { fixed } from '../../catalog/index.ts';
import { readPair } from '../../orders/index.ts';
import type { Pair } from '../../catalog/index.ts';
import { integer } from '../../params/index.ts';
import { refuse } from '../../errors/index.ts';
import { wholeSeconds } from '../../market/index.ts';

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
