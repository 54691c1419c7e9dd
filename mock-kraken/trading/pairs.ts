import { assetById, type Asset } from './assets.ts';
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
}

type Row = readonly [
  id: string,
  altname: string,
  wsname: string,
  base: string,
  quote: string,
  priceDecimals: number,
  costDecimals: number,
  orderMin: string,
  costMin: string,
  tickSize: string,
  anchorTicks: number,
  levelVolume: string,
];

/** Names, decimals and minimums as in Kraken's `AssetPairs` answer of 2026; anchors are round numbers. */
const rows: readonly Row[] = [
  ['XXBTZUSD', 'XBTUSD', 'XBT/USD', 'XXBT', 'ZUSD', 1, 5, '0.00005', '0.5', '0.1', 600_000, '0.5'],
  ['XXBTZEUR', 'XBTEUR', 'XBT/EUR', 'XXBT', 'ZEUR', 1, 5, '0.00005', '0.45', '0.1', 550_000, '0.5'],
  ['XETHZUSD', 'ETHUSD', 'ETH/USD', 'XETH', 'ZUSD', 2, 5, '0.001', '0.5', '0.01', 300_000, '5'],
  ['XETHZEUR', 'ETHEUR', 'ETH/EUR', 'XETH', 'ZEUR', 2, 5, '0.001', '0.45', '0.01', 275_000, '5'],
  ['XETHXXBT', 'ETHXBT', 'ETH/XBT', 'XETH', 'XXBT', 5, 10, '0.001', '0.00002', '0.00001', 5_000, '5'],
  ['XLTCZUSD', 'LTCUSD', 'LTC/USD', 'XLTC', 'ZUSD', 2, 5, '0.05', '0.5', '0.01', 10_000, '50'],
  ['XXRPZUSD', 'XRPUSD', 'XRP/USD', 'XXRP', 'ZUSD', 5, 8, '2', '0.5', '0.00001', 200_000, '5000'],
  ['XDGUSD', 'XDGUSD', 'XDG/USD', 'XXDG', 'ZUSD', 7, 9, '20', '0.5', '0.0000001', 1_500_000, '40000'],
  ['SOLUSD', 'SOLUSD', 'SOL/USD', 'SOL', 'ZUSD', 2, 5, '0.02', '0.5', '0.01', 15_000, '50'],
  ['ADAUSD', 'ADAUSD', 'ADA/USD', 'ADA', 'ZUSD', 6, 8, '4', '0.5', '0.000001', 600_000, '10000'],
  ['USDTZUSD', 'USDTUSD', 'USDT/USD', 'USDT', 'ZUSD', 5, 8, '5', '0.5', '0.00001', 100_000, '20000'],
];

function pairOf(row: Row, index: number): Pair {
  const [
    id,
    altname,
    wsname,
    base,
    quote,
    priceDecimals,
    costDecimals,
    orderMin,
    costMin,
    tick,
    anchor,
    level,
  ] = row;
  return Object.freeze({
    index,
    id,
    altname,
    wsname,
    base: assetById(base),
    quote: assetById(quote),
    priceDecimals,
    costDecimals,
    lotDecimals: 8,
    orderMin: money(orderMin),
    costMin: money(costMin),
    tickSize: money(tick),
    anchorTicks: anchor,
    levelVolume: money(level),
  });
}

/** Every market, in a fixed order. */
export const pairs: readonly Pair[] = rows.map(pairOf);

const byName: ReadonlyMap<string, Pair> = new Map(
  pairs.flatMap((pair) => [pair.id, pair.altname, pair.wsname].map((name) => [name, pair] as const)),
);

/** The market by id, altname or websocket name, all of which Kraken takes; `undefined` when unknown. */
export function findPair(name: string): Pair | undefined {
  return byName.get(name);
}
