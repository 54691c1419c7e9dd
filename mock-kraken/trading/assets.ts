/** One currency of the venue. */
export interface Asset {
  /** Kraken's own code: `XXBT`, `ZUSD`, `SOL`. Balances are keyed by it. */
  readonly id: string;
  /** The short code: `XBT`, `USD`. */
  readonly altname: string;
  /** Digits after the point that balances are kept with. */
  readonly decimals: number;
  /** Digits that Kraken's website shows. */
  readonly displayDecimals: number;
  /** Money of a state: it has no deposit address. */
  readonly fiat: boolean;
  /** How it comes in and goes out, in Kraken's words. */
  readonly method: string;
  /** What an account holds when nobody says otherwise. */
  readonly openingBalance: string;
}

type Row = readonly [
  id: string,
  altname: string,
  decimals: number,
  display: number,
  fiat: boolean,
  method: string,
  opening: string,
];

const rows: readonly Row[] = [
  ['ZUSD', 'USD', 4, 2, true, 'Bank transfer (USD)', '1000000000'],
  ['ZEUR', 'EUR', 4, 2, true, 'Bank transfer (EUR)', '1000000000'],
  ['XXBT', 'XBT', 10, 5, false, 'Bitcoin', '100000'],
  ['XETH', 'ETH', 10, 5, false, 'Ether (Hex)', '1000000'],
  ['XLTC', 'LTC', 10, 5, false, 'Litecoin', '1000000'],
  ['XXRP', 'XRP', 8, 5, false, 'Ripple XRP', '100000000'],
  ['XXDG', 'XDG', 8, 2, false, 'Dogecoin', '1000000000'],
  ['SOL', 'SOL', 10, 5, false, 'Solana', '1000000'],
  ['ADA', 'ADA', 8, 6, false, 'ADA', '100000000'],
  ['USDT', 'USDT', 8, 4, false, 'Tether USD (ERC20)', '100000000'],
];

/** Every currency, in a fixed order. Codes and decimals as in Kraken's `Assets` answer. */
export const assets: readonly Asset[] = rows.map(
  ([id, altname, decimals, displayDecimals, fiat, method, openingBalance]) =>
    Object.freeze({ id, altname, decimals, displayDecimals, fiat, method, openingBalance }),
);

/** Names that people use for what Kraken calls XBT and XDG; Kraken takes them in `asset` parameters. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['BTC', 'XXBT'],
  ['DOGE', 'XXDG'],
]);

const byName: ReadonlyMap<string, Asset> = new Map(
  assets.flatMap((asset) => [[asset.id, asset] as const, [asset.altname, asset] as const]),
);

/** The currency by id, altname or common alias; `undefined` when the venue does not know it. */
export function findAsset(name: string): Asset | undefined {
  return byName.get(aliases.get(name) ?? name);
}

/** The currency by an id that the venue itself wrote. Throws when it is none. */
export function assetById(id: string): Asset {
  const asset = byName.get(id);
  if (asset === undefined) throw new TypeError(`Failed to find asset: ${id} is not in the table. Add it.`);
  return asset;
}
