import type { Asset } from './catalog/index.ts';
import { type Amounts, decimalsOf, type Money, parseMoney, zero } from './catalog/index.ts';
import type { Catalog } from './catalog/index.ts';
import type { Pair } from './catalog/index.ts';
import { VenueError } from './errors/index.ts';

/** The pair that the venue's keeper names. Throws `VenueError`, like everything here. */
export function pairNamed(name: string, catalog: Catalog): Pair {
  const pair = catalog.findPair(name);
  if (pair !== undefined) return pair;
  throw new VenueError('unknown_pair', `Failed to find pair: ${name} is not traded here. See AssetPairs.`);
}

/** The asset that the keeper names. */
export function assetNamed(name: string, catalog: Catalog): Asset {
  const asset = catalog.findAsset(name);
  if (asset !== undefined) return asset;
  throw new VenueError('unknown_asset', `Failed to find asset: ${name} is not known here. See Assets.`);
}

/** A plain decimal. */
export function decimalFrom(text: string): Money {
  const amount = parseMoney(text);
  if (amount !== null) return amount;
  throw new VenueError(
    'bad_amount',
    `Failed to read amount: ${text} is no plain decimal. Write 1.25, not 125e-2.`,
  );
}

/** An amount that an account can have of an asset: not negative, no more decimals than the asset has. */
export function amountFrom(asset: Asset, text: string): Money {
  const amount = decimalFrom(text);
  if (!amount.lt(zero) && decimalsOf(amount) <= asset.decimals) return amount;
  const limits = `between 0 and any, with ${asset.decimals} decimals at most`;
  throw new VenueError('bad_amount', `Failed to read amount of ${asset.id}: ${text}. Give one ${limits}.`);
}

/** What an account opens with. */
export function balancesFrom(balances: Readonly<Record<string, string>>, catalog: Catalog): Amounts {
  return new Map(
    Object.entries(balances).map(([name, text]) => {
      const asset = assetNamed(name, catalog);
      return [asset.id, amountFrom(asset, text)];
    }),
  );
}
