import { invalidArguments } from '../../kraken-errors.ts';
import { ownText } from '../../kept-text.ts';
import type { RequestParams } from '../../venue-interface.ts';
import type { Side } from '../market/index.ts';
import type { OrderTerms, OrderType, Trigger } from './order.ts';
import type { Pair } from '../catalog/index.ts';
import { requiredText } from '../params/index.ts';
import { hashSign, offsetTicks, priceTicks } from './price-text.ts';
import { refuse } from '../errors/index.ts';

/** Orders whose `price` is a limit and that go straight into the book. */
export const restingTypes: readonly OrderType[] = ['limit', 'iceberg'];

/** What prices are read against. */
export interface PriceRequest {
  readonly pair: Pair;
  readonly side: Side;
  readonly type: OrderType;
  /** Last price of the pair: what relative prices are relative to. */
  readonly lastTicks: number;
}

type Prices = Pick<OrderTerms, 'limitTicks' | 'trigger'>;

/** Reads `price` and `price2`, whose meaning depends on the order type. */
export function readPrices(params: RequestParams, request: PriceRequest): Prices {
  const { type } = request;
  if (type === 'market') return { limitTicks: null, trigger: null };
  if (restingTypes.includes(type)) return { limitTicks: readLimit(params, request), trigger: null };
  return type.startsWith('trailing') ? readTrailing(params, request) : readStop(params, request);
}

function readLimit(params: RequestParams, { pair, side, lastTicks }: PriceRequest): number {
  const hash = hashSign(side, false);
  return priceTicks(requiredText(params, 'price'), { pair, field: 'price', referenceTicks: lastTicks, hash });
}

function readStop(params: RequestParams, { pair, side, type, lastTicks }: PriceRequest): Prices {
  const stops = type.startsWith('stop');
  const hash = hashSign(side, stops);
  const frame = { pair, field: 'price', referenceTicks: lastTicks, hash };
  const ticks = priceTicks(requiredText(params, 'price'), frame);
  const limitTicks = type.endsWith('-limit')
    ? priceTicks(requiredText(params, 'price2'), { ...frame, field: 'price2', referenceTicks: ticks })
    : null;
  const direction = (side === 'buy') === stops ? 'rise' : 'fall';
  return { limitTicks, trigger: { direction, ticks, trail: null, touchedMs: null } };
}

/** Trailing prices are distances: `price` (always `+`) from the best price, `price2` from the trigger. */
function readTrailing(params: RequestParams, { pair, side, type, lastTicks }: PriceRequest): Prices {
  const price = requiredText(params, 'price');
  if (!price.startsWith('+')) refuse(invalidArguments('price'));
  const frame = { pair, field: 'price', referenceTicks: lastTicks, hash: hashSign(side, true) };
  const trailTicks = offsetTicks(price, frame);
  const ticks = side === 'buy' ? lastTicks + trailTicks : lastTicks - trailTicks;
  if (ticks < 1 || trailTicks < 1) refuse(invalidArguments('price'));
  const price2 = type.endsWith('-limit') ? requiredText(params, 'price2') : '0';
  const limitOffsetTicks = type.endsWith('-limit')
    ? offsetTicks(price2, { ...frame, field: 'price2', referenceTicks: ticks })
    : null;
  const limitTicks = limitOffsetTicks === null ? null : Math.max(1, ticks + limitOffsetTicks);
  const trigger: Trigger = {
    direction: side === 'buy' ? 'rise' : 'fall',
    ticks,
    trail: { ticks: trailTicks, limitOffsetTicks, written: [ownText(price), ownText(price2)] },
    touchedMs: null,
  };
  return { limitTicks, trigger };
}
