import { invalidArguments } from '../../kraken-errors.ts';
import { answer, type PublicDesk, type PublicEndpoint } from '../desk.ts';
import { bookLevelsMax, priceOf, type Side } from '../market.ts';
import { fixed } from '../money.ts';
import { readPair } from '../order-request.ts';
import type { Pair } from '../pairs.ts';
import { integer } from '../params.ts';
import { refuse } from '../refusal.ts';
import { wholeSeconds } from '../seconds.ts';

type ShownLevel = readonly [price: string, volume: string, atS: number];

/** `Depth`: the house's book; clients' own orders are not in it. */
export const depth: PublicEndpoint = (desk) => {
  const pair = readPair(desk.params);
  const count = integer(desk.params, 'count') ?? 100;
  if (count < 1 || count > bookLevelsMax) refuse(invalidArguments('count'));
  const side = (against: Side): readonly ShownLevel[] => levels(desk, pair, against).slice(0, count);
  return answer({ [pair.id]: { asks: side('buy'), bids: side('sell') } });
};

function levels({ market, atMs }: PublicDesk, pair: Pair, against: Side): readonly ShownLevel[] {
  return [...market.levelsAgainst(pair, against, atMs)].map(({ priceTicks, volume }) => [
    fixed(priceOf(pair, priceTicks), pair.priceDecimals),
    fixed(volume, 3),
    wholeSeconds(atMs),
  ]);
}
