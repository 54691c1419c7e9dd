import { assetAliases, type Asset, krakenAssets } from './assets.ts';
import { type Amounts, money } from './money.ts';
import { assetsOf, type NewPair, rowsOf } from './new-pair.ts';
import { krakenPairRows, type Pair, type PairRow } from './pairs.ts';

/** The pairs and assets of one venue, by every name that Kraken takes. */
export class Catalog {
  /** In a fixed order. */
  readonly pairs: readonly Pair[];
  /** In a fixed order. */
  readonly assets: readonly Asset[];
  /** Of an account that was given no others. */
  readonly openingBalances: Amounts;
  readonly #pairs = new Map<string, Pair>();
  readonly #assets = new Map<string, Asset>();

  constructor(assets: readonly Asset[], rows: readonly PairRow[]) {
    this.assets = assets;
    for (const asset of assets) {
      for (const name of [asset.id, asset.altname, assetAliases.get(asset.altname)]) {
        if (name !== undefined && !this.#assets.has(name)) this.#assets.set(name, asset);
      }
    }
    this.openingBalances = new Map(
      assets
        .filter(({ openingBalance }) => openingBalance !== '0')
        .map(({ id, openingBalance }) => [id, money(openingBalance)]),
    );
    this.pairs = rows.map((row, index) =>
      Object.freeze({ ...row, index, base: this.assetById(row.base), quote: this.assetById(row.quote) }),
    );
    for (const pair of this.pairs) {
      for (const name of namesOf(pair)) if (!this.#pairs.has(name)) this.#pairs.set(name, pair);
    }
  }

  /** The market by id, altname, websocket name, or one of these with `BTC` for `XBT`; `undefined` when unknown. */
  findPair(name: string): Pair | undefined {
    return this.#pairs.get(name);
  }

  /** The currency by id, altname or common alias; `undefined` when the venue does not know it. */
  findAsset(name: string): Asset | undefined {
    return this.#assets.get(name);
  }

  /** The currency by an id that the venue itself wrote. Throws when it is none. */
  assetById(id: string): Asset {
    const asset = this.#assets.get(id);
    if (asset === undefined) throw new TypeError(`Failed to find asset: ${id} is not in the table. Add it.`);
    return asset;
  }
}

let kraken: Catalog | null = null;

/** Kraken's own pairs, and after them those of a scenario. The former are made once, when they are first needed. */
export function catalogWith(own: readonly NewPair[] = []): Catalog {
  kraken ??= new Catalog(krakenAssets, krakenPairRows());
  if (own.length === 0) return kraken;
  const rows = rowsOf(own, kraken);
  return new Catalog([...kraken.assets, ...assetsOf(rows, kraken)], [...krakenPairRows(), ...rows]);
}

/** Every name that Kraken takes for a pair. */
function namesOf({ id, altname, wsname, base, quote }: Pair): readonly string[] {
  const bases = [base.altname, assetAliases.get(base.altname) ?? base.altname];
  const quotes = [quote.altname, assetAliases.get(quote.altname) ?? quote.altname];
  const spelled = bases.flatMap((one) => quotes.flatMap((other) => [one + other, `${one}/${other}`]));
  return [id, altname, wsname, ...spelled];
}
