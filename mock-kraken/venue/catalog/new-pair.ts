import type { Asset } from './assets.ts';
import type { Catalog } from './catalog.ts';
import { decimalsOf, money, type Money, parseMoney, zero } from './money.ts';
import type { PairRow } from './pairs.ts';
import { VenueError } from '../errors/index.ts';

/** A pair that a scenario brings. Numbers as text are plain decimals. */
export interface NewPair {
  /** `FOO/USD`: base and quote by their short codes. A currency that the venue does not know is made. */
  readonly wsname: string;
  /** Around which the seeded price moves. */
  readonly price: string;
  /** Digits after the point of a price. Default: as many as `price` has. */
  readonly priceDecimals?: number;
  /** Digits after the point of a volume. Default 8. */
  readonly lotDecimals?: number;
  /** Digits after the point of a cost. Default 5, or as many as a price has. */
  readonly costDecimals?: number;
  /** Smallest volume. Default one unit of the last digit of a volume. */
  readonly orderMin?: string;
  /** Smallest cost. Default 0. */
  readonly costMin?: string;
  /** Default one unit of the last digit of a price. */
  readonly tickSize?: string;
  /** Typical volume of a price level. Default `1000`. */
  readonly levelVolume?: string;
}

const DECIMALS_MAX = 12;
const NEW_ASSET_DECIMALS = 10;
const CODE = /^[A-Z0-9]{1,12}\/[A-Z0-9]{1,12}$/;

/**
 * Reads the pairs of a scenario.
 * @throws {VenueError} when one cannot be, or has the name of a pair that is there
 */
export function rowsOf(pairs: readonly NewPair[], kraken: Catalog): readonly PairRow[] {
  const names = new Set<string>();
  return pairs.map((pair) => {
    if (kraken.findPair(pair.wsname) !== undefined || names.has(pair.wsname)) {
      throw bad(pair, 'there is a pair of that name');
    }
    names.add(pair.wsname);
    return rowOf(pair, kraken);
  });
}

/** The currencies of `rows` that are not known yet. Each account opens with a million of each. */
export function assetsOf(rows: readonly PairRow[], kraken: Catalog): readonly Asset[] {
  const codes = new Set(rows.flatMap(({ base, quote }) => [base, quote]));
  return [...codes]
    .filter((code) => kraken.findAsset(code) === undefined)
    .map((code) =>
      Object.freeze({
        id: code,
        altname: code,
        decimals: NEW_ASSET_DECIMALS,
        displayDecimals: 5,
        fiat: false,
        method: code,
        openingBalance: '1000000',
      }),
    );
}

function rowOf(pair: NewPair, kraken: Catalog): PairRow {
  if (!CODE.test(pair.wsname)) throw bad(pair, 'its wsname is not of the form FOO/USD');
  const [base = '', quote = ''] = pair.wsname.split('/').map((code) => kraken.findAsset(code)?.id ?? code);
  const price = amount(pair, 'price', pair.price);
  const priceDecimals = decimals(pair, 'priceDecimals', pair.priceDecimals ?? decimalsOf(price));
  const lotDecimals = decimals(pair, 'lotDecimals', pair.lotDecimals ?? 8);
  const tickSize = amount(pair, 'tickSize', pair.tickSize ?? unit(priceDecimals));
  const ticks = tickSize.gt(zero) ? price.div(tickSize) : zero;
  if (!ticks.gt(zero) || !ticks.eq(ticks.round(0, 0)))
    throw bad(pair, 'its price is not on a tick above zero');
  return {
    id: pair.wsname.replace('/', ''),
    altname: pair.wsname.replace('/', ''),
    wsname: pair.wsname,
    base,
    quote,
    priceDecimals,
    costDecimals: decimals(pair, 'costDecimals', pair.costDecimals ?? Math.max(5, priceDecimals)),
    lotDecimals,
    orderMin: amount(pair, 'orderMin', pair.orderMin ?? unit(lotDecimals)),
    costMin: amount(pair, 'costMin', pair.costMin ?? '0'),
    tickSize,
    anchorTicks: Number(ticks.toFixed()),
    levelVolume: amount(pair, 'levelVolume', pair.levelVolume ?? '1000'),
    leverageMax: 0,
  };
}

function amount(pair: NewPair, field: keyof NewPair, text: string): Money {
  const value = parseMoney(text);
  if (value !== null && !value.lt(zero)) return value;
  throw bad(pair, `its ${field} is no plain decimal: ${text}`);
}

function decimals(pair: NewPair, field: keyof NewPair, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= DECIMALS_MAX) return value;
  throw bad(pair, `its ${field} is not a whole number from 0 to ${DECIMALS_MAX}: ${value}`);
}

/** One unit of the last digit. */
function unit(digits: number): string {
  return money('10').pow(-digits).toFixed();
}

function bad({ wsname }: NewPair, observed: string): VenueError {
  return new VenueError('bad_pair', `Failed to add pair ${wsname}: ${observed}. Correct it.`);
}
