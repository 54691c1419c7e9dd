import { KRAKEN_ERRORS } from '../../../kraken-errors.ts';
import type { Asset } from '../../catalog/index.ts';
import { answer, type PublicEndpoint } from '../endpoint-context.ts';
import { list } from '../../params/index.ts';
import { refuse } from '../../errors/index.ts';

/** Assets named in one call, at most. */
const namedMax = 100;

/** `Assets`: all, or those that `asset` names. */
export const assetsInfo: PublicEndpoint = ({ params, market: { catalog } }) => {
  const named = list(params, 'asset', namedMax).map(
    (name) => catalog.findAsset(name) ?? refuse(KRAKEN_ERRORS.unknownAsset),
  );
  const wanted = named.length === 0 ? catalog.assets : named;
  return answer(Object.fromEntries(wanted.map((asset) => [asset.id, assetView(asset)])));
};

function assetView({ altname, decimals, displayDecimals }: Asset): Readonly<Record<string, unknown>> {
  return { aclass: 'currency', altname, decimals, display_decimals: displayDecimals, status: 'enabled' };
}
