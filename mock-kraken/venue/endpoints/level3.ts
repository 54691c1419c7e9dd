import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { invalidArguments } from '../../kraken-errors.ts';
import { hash32 } from '../market/index.ts';
import { priceOf, type Side } from '../market/index.ts';
import { fixed } from '../catalog/index.ts';
import { readPair } from '../orders/index.ts';
import type { Pair } from '../catalog/index.ts';
import { integer } from '../params/index.ts';
import { tickAt, tickMs } from '../market/index.ts';
import { refuse } from '../errors/index.ts';

/** Depths that may be asked for (Kraken's Level3 page); 0 is all. */
const depths: readonly number[] = [0, 10, 25, 100, 250, 1000];

/** `Level3`: the house's book, one order a level. Clients' own orders are not in it. */
export const level3: PrivateEndpoint = (desk) => {
  const pair = readPair(desk.params, desk.market);
  const depth = integer(desk.params, 'depth') ?? 100;
  if (!depths.includes(depth)) refuse(invalidArguments('depth'));
  const side = (against: Side): readonly unknown[] =>
    ordersOf(desk, pair, against).slice(0, depth || undefined);
  return answer({ pair: pair.wsname, bids: side('sell'), asks: side('buy') });
};

function ordersOf(
  { market, settings, atMs }: EndpointContext,
  pair: Pair,
  against: Side,
): readonly unknown[] {
  const tick = tickAt(atMs);
  return [...market.levelsAgainst(pair, against, atMs)].map(({ priceTicks, volume }) => ({
    price: fixed(priceOf(pair, priceTicks), pair.priceDecimals),
    qty: fixed(volume, pair.lotDecimals),
    order_id: `OHOUSE-${String(hash32(settings.seed, priceTicks, tick)).padStart(10, '0')}`,
    timestamp: tick * tickMs * 1_000_000,
  }));
}
