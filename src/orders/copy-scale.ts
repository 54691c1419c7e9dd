import { Big } from 'big.js';
import type { OrderRequest } from '../kraken-types.ts';
import type { PairRules } from './pair-rules.ts';

/**
 * Why a copy is not placed.
 * - `nothing`: the share is smaller than the smallest volume of the pair.
 * - `ordermin`: it is below the least volume that Kraken takes for the pair.
 * - `costmin`: its price times volume is below the least that Kraken takes.
 */
export type SkipReason = 'nothing' | 'ordermin' | 'costmin';

/** A volume to place, or why there is none. */
export type ScaledVolume =
  | { readonly volume: string }
  | {
      readonly reason: SkipReason;
      /** What would have been placed. */
      readonly volume: string;
      /** The least that Kraken takes; undefined for `nothing`. */
      readonly minimum: string | undefined;
    };

/** Divides to 40 decimals: more than rounding there could carry into those of a volume. */
const Decimal = Big();
Decimal.DP = 40;

/** A decimal number, exactly. @throws when `text` is none */
export function decimal(text: string): Big {
  return new Decimal(text);
}

/** Kinds of order whose `price` is the price they are filled at, or better. */
const PRICED: ReadonlySet<string> = new Set(['limit', 'iceberg']);

/**
 * `volume × part ÷ whole`, cut off to the decimals of the pair. Volume 0, which closes a margin position whole, stays.
 *
 * The least cost is compared where the order names its price; of a market order only Kraken knows it. With
 * `viqc` among the `oflags` the volume is itself an amount in the quote currency (Kraken docs, AddOrder).
 */
export function scaleVolume(
  order: OrderRequest,
  share: { readonly part: Big; readonly whole: Big },
  rules: PairRules,
): ScaledVolume {
  const whole = decimal(order.volume);
  if (whole.eq(0)) return { volume: '0' };
  const isCost = (order.oflags ?? '').split(',').includes('viqc');
  const decimals = isCost ? (rules.costDecimals ?? rules.lotDecimals) : rules.lotDecimals;
  const scaled = whole.times(share.part).div(share.whole).round(decimals, Big.roundDown);
  const volume = scaled.toFixed();
  if (scaled.lte(0)) return { reason: 'nothing', volume, minimum: undefined };
  if (!isCost && isBelow(scaled, rules.orderMin)) return below('ordermin', volume, rules.orderMin);
  const cost = isCost ? scaled : costOf(order, scaled);
  if (cost !== undefined && isBelow(cost, rules.costMin)) return below('costmin', volume, rules.costMin);
  return { volume };
}

/** `undefined` when the order does not name its price: market orders, prices relative to the market's. */
function costOf({ ordertype, price }: OrderRequest, volume: Big): Big | undefined {
  if (!PRICED.has(ordertype) || price === undefined || !/^\d+(\.\d+)?$/.test(price)) return undefined;
  return volume.times(price);
}

function isBelow(amount: Big, minimum: Big | undefined): boolean {
  return minimum !== undefined && amount.lt(minimum);
}

function below(reason: SkipReason, volume: string, minimum: Big | undefined): ScaledVolume {
  return { reason, volume, minimum: minimum?.toFixed() };
}
