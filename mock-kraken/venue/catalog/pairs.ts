import type { Asset } from './assets.ts';
import { KRAKEN_PAIRS } from './kraken-pairs.ts';
import { money, type Money } from './money.ts';

/** One market of the venue. */
export interface Pair {
  /** Its place in the table: what the seed tells pairs apart by. */
  readonly index: number;
  /** Kraken's own name, the key of its answers: `XXBTZUSD`. */
  readonly id: string;
  /** `XBTUSD`. */
  readonly altname: string;
  /** `XBT/USD`. */
  readonly wsname: string;
  readonly base: Asset;
  readonly quote: Asset;
  /** Digits after the point of a price. */
  readonly priceDecimals: number;
  /** Digits after the point of a cost. */
  readonly costDecimals: number;
  /** Digits after the point of a volume. */
  readonly lotDecimals: number;
  /** Smallest volume of an order. */
  readonly orderMin: Money;
  /** Smallest cost of an order, in the quote asset. */
  readonly costMin: Money;
  readonly tickSize: Money;
  /** Where the seeded price hovers, in ticks. */
  readonly anchorTicks: number;
  /** Typical volume on offer at one price level. */
  readonly levelVolume: Money;
  /** Greatest leverage that Kraken offers, as AssetPairs shows it; 0: none. The venue itself lends nothing. */
  readonly leverageMax: number;
}

/** A pair as a table or a scenario writes it, its assets by their ids. */
export interface PairRow extends Omit<Pair, 'index' | 'base' | 'quote'> {
  readonly base: string;
  readonly quote: string;
}

/** Reads the lines of `kraken-pairs.ts`. */
export function krakenPairRows(): readonly PairRow[] {
  return KRAKEN_PAIRS.trim().split('\n').map(rowOf);
}

function rowOf(line: string): PairRow {
  const [id = '', altname = '', wsname = '', base = '', quote = '', ...numbers] = line.split(/ +/);
  const [priceDecimals, costDecimals, lotDecimals, orderMin, costMin, tick, price, level, leverage] = numbers;
  const tickSize = money(tick ?? '');
  return {
    id,
    altname,
    wsname,
    base,
    quote,
    priceDecimals: Number(priceDecimals),
    costDecimals: Number(costDecimals),
    lotDecimals: Number(lotDecimals),
    orderMin: money(orderMin ?? ''),
    costMin: money(costMin ?? ''),
    tickSize,
    anchorTicks: Number(
      money(price ?? '')
        .div(tickSize)
        .toFixed(),
    ),
    levelVolume: money(level ?? ''),
    leverageMax: Number(leverage),
  };
}
