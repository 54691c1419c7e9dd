import { assetById, assets, findAsset } from '../assets.ts';
import { balanceOf, heldOf } from '../books.ts';
import { answer, type PrivateEndpoint } from '../desk.ts';
import { KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { fixed, type Money, zero } from '../money.ts';
import { text } from '../params.ts';
import { refuse } from '../refusal.ts';
import { worthIn } from '../worth.ts';

/** `Balance`: what the account has, holds included. */
export const balance: PrivateEndpoint = ({ purse }) => {
  const shown: Record<string, string> = {};
  for (const [id, amount] of purse.balances) shown[id] = balanceText(id, amount);
  return answer(shown);
};

/** Most balances are asked for again before they change; writing a decimal takes longer than all else here. */
const texts: ReadonlyMap<string, WeakMap<Money, string>> = new Map(
  assets.map(({ id }) => [id, new WeakMap()]),
);

function balanceText(id: string, amount: Money): string {
  const known = texts.get(id)?.get(amount);
  if (known !== undefined) return known;
  const text = fixed(amount, assetById(id).decimals);
  texts.get(id)?.set(amount, text);
  return text;
}

/** `BalanceEx`: the same with what open orders hold. */
export const balanceEx: PrivateEndpoint = ({ purse }) =>
  answer(
    Object.fromEntries(
      [...purse.balances.keys()].map((id) => {
        const { decimals } = assetById(id);
        return [
          id,
          { balance: fixed(balanceOf(purse, id), decimals), hold_trade: fixed(heldOf(purse, id), decimals) },
        ];
      }),
    ),
  );

/** `TradeBalance`: everything valued in one asset at current prices; all margin fields are those of no position. */
export const tradeBalance: PrivateEndpoint = ({ purse, market, params, atMs }) => {
  const asset = findAsset(text(params, 'asset') ?? 'ZUSD') ?? refuse(KRAKEN_ERRORS.unknownAsset);
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
