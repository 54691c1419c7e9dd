import { findAsset } from '../assets.ts';
import { balanceOf, heldOf } from '../books.ts';
import { answer, type PrivateEndpoint } from '../desk.ts';
import { assetById } from '../assets.ts';
import { KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { fixed, zero } from '../money.ts';
import { text } from '../params.ts';
import { refuse } from '../refusal.ts';
import { worthIn } from '../worth.ts';

/** `Balance`: what the account has, holds included. */
export const balance: PrivateEndpoint = ({ purse }) =>
  answer(
    Object.fromEntries(
      [...purse.balances].map(([id, amount]) => [id, fixed(amount, assetById(id).decimals)]),
    ),
  );

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
