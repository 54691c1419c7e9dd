import type { Asset } from '../catalog/index.ts';
import { balanceOf, heldOf } from '../balances/index.ts';
import { answer, type PrivateEndpoint } from './endpoint-context.ts';
import { KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { fixed, type Money, zero } from '../catalog/index.ts';
import { text } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { worthIn } from '../balances/index.ts';

/** `Balance`: what the account has, holds included. */
export const balance: PrivateEndpoint = ({ purse, market: { catalog } }) => {
  const shown: Record<string, string> = {};
  for (const [id, amount] of purse.balances) shown[id] = balanceText(catalog.assetById(id), amount);
  return answer(shown);
};

/** Most balances are asked for again before they change; writing a decimal takes longer than all else here. */
const texts = new WeakMap<Asset, WeakMap<Money, string>>();

function balanceText(asset: Asset, amount: Money): string {
  const ofAsset = texts.get(asset) ?? new WeakMap<Money, string>();
  texts.set(asset, ofAsset);
  const known = ofAsset.get(amount);
  if (known !== undefined) return known;
  const text = fixed(amount, asset.decimals);
  ofAsset.set(amount, text);
  return text;
}

/** `BalanceEx`: the same with what open orders hold. */
export const balanceEx: PrivateEndpoint = ({ purse, market: { catalog } }) =>
  answer(
    Object.fromEntries(
      [...purse.balances.keys()].map((id) => {
        const { decimals } = catalog.assetById(id);
        return [
          id,
          { balance: fixed(balanceOf(purse, id), decimals), hold_trade: fixed(heldOf(purse, id), decimals) },
        ];
      }),
    ),
  );

/** `TradeBalance`: everything valued in one asset at current prices; all margin fields are those of no position. */
export const tradeBalance: PrivateEndpoint = ({ purse, market, params, atMs }) => {
  const asset =
    market.catalog.findAsset(text(params, 'asset') ?? 'ZUSD') ?? refuse(KRAKEN_ERRORS.unknownAsset);
  const total = fixed(worthIn(asset, purse.balances, { market, atMs }), 4);
  const unexecuted = fixed(worthIn(asset, purse.held, { market, atMs }), 4);
  const none = fixed(zero, 4);
  return answer({
    eb: total,
    tb: total,
    m: none,
    n: none,
    c: none,
    v: none,
    e: total,
    mf: total,
    uv: unexecuted,
  });
};
