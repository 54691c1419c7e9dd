import { invalidArguments } from '../../../kraken-errors.ts';
import { answer, type PublicEndpointContext, type PublicEndpoint } from '../endpoint-context.ts';
import { fixed, money } from '../../catalog/index.ts';
import { priceOf } from '../../market/index.ts';
import { readPair } from '../../orders/index.ts';
import type { Pair } from '../../catalog/index.ts';
import { integer, text } from '../../params/index.ts';
import { tickAt, tickMs } from '../../market/index.ts';
import { refuse } from '../../errors/index.ts';
import { seconds } from '../../market/index.ts';

/** Trades in one answer, at most (Kraken's Trades page). */
const shownMax = 1000;

/**
 * `Trades`: one made-up trade for each tick, at that tick's price. Clients' own trades are not among them.
 * `since` is a trade's time, in seconds or nanoseconds, and exclusive; `last` of one answer is `since` of the next.
 */
export const trades: PublicEndpoint = (desk) => {
  const pair = readPair(desk.params, desk.market);
  const count = integer(desk.params, 'count') ?? shownMax;
  if (count < 1 || count > shownMax) refuse(invalidArguments('count'));
  const lastTick = tickAt(desk.atMs);
  const since = sinceTick(desk);
  const first = since === null ? Math.max(0, lastTick - count + 1) : since + 1;
  const length = Math.max(0, Math.min(count, lastTick - first + 1));
  const ticks = Array.from({ length }, (_, index) => first + index);
  const shown = ticks.map((tick) => tradeAt(desk, pair, tick));
  return answer({ [pair.id]: shown, last: nanoseconds(ticks.at(-1) ?? since ?? lastTick) });
};

function tradeAt({ market }: PublicEndpointContext, pair: Pair, tick: number): readonly unknown[] {
  const price = fixed(priceOf(pair, market.lastTicks(pair, tick * tickMs)), pair.priceDecimals);
  const volume = pair.levelVolume
    .times(money(BigInt(1 + market.chance(pair, tick, 1, 99))))
    .times(thousandth);
  const side = market.chance(pair, tick, 2, 2) === 0 ? 'b' : 's';
  const type = market.chance(pair, tick, 3, 2) === 0 ? 'm' : 'l';
  return [price, fixed(volume, pair.lotDecimals), seconds(tick * tickMs), side, type, '', tick];
}

const thousandth = money('0.001');

/** Digits from which on a time is in nanoseconds: no such number of seconds is in our lifetime. */
const nanosecondDigits = 13;

function sinceTick({ params }: PublicEndpointContext): number | null {
  const since = text(params, 'since');
  if (since === undefined) return null;
  if (!/^\d{1,20}$/.test(since)) return refuse(invalidArguments('since'));
  const ms = since.length >= nanosecondDigits ? BigInt(since) / 1_000_000n : BigInt(since) * 1000n;
  return tickAt(Number(ms));
}

function nanoseconds(tick: number): string {
  return String(BigInt(tick * tickMs) * 1_000_000n);
}
