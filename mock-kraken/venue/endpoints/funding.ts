import { invalidArguments } from '../../kraken-errors.ts';
import type { Asset } from '../catalog/index.ts';
import { availableOf } from '../balances/index.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { fixed, money, type Money, zero } from '../catalog/index.ts';
import { decimal, requiredText, text } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { wholeSeconds } from '../market/index.ts';
import { TRADING_ERRORS } from '../errors/index.ts';

/** What a withdrawal costs, whatever the network: a round number, not Kraken's price list. */
const withdrawalFee = { fiat: money('1'), crypto: money('0.0005') };

/** `DepositMethods`: one for each asset. */
export const depositMethods: PrivateEndpoint = (desk) => {
  const asset = readAsset(desk, 'asset');
  return answer([
    {
      method: asset.method,
      limit: false,
      fee: fixed(zero, asset.decimals),
      'gen-address': !asset.fiat,
      minimum: '0',
    },
  ]);
};

/** `DepositAddresses`: one standing address for each coin; no money ever arrives there. */
export const depositAddresses: PrivateEndpoint = (desk) => {
  const asset = readAsset(desk, 'asset');
  if (requiredText(desk.params, 'method') !== asset.method || asset.fiat)
    refuse(TRADING_ERRORS.noFundingMethod);
  return answer([
    { address: `mock-${asset.altname.toLowerCase()}-${desk.purse.account}`, expiretm: '0', new: false },
  ]);
};

/** `DepositStatus`: no deposits. */
export const depositStatus: PrivateEndpoint = () => answer([]);

/** `WithdrawMethods`: one for each asset, or for the one asked about. */
export const withdrawMethods: PrivateEndpoint = (desk) => {
  const named =
    text(desk.params, 'asset') === undefined
      ? [...desk.purse.balances.keys()]
      : [readAsset(desk, 'asset').id];
  return answer(
    named.map((id) => {
      const asset = desk.market.catalog.assetById(id);
      return {
        asset: asset.id,
        method: asset.method,
        method_id: asset.id,
        network: asset.method,
        minimum: '0',
      };
    }),
  );
};

/** `WithdrawAddresses`: none are written down, as `Withdraw` takes any key. */
export const withdrawAddresses: PrivateEndpoint = () => answer([]);

/** `WithdrawInfo`: what would arrive, after the fee. */
export const withdrawInfo: PrivateEndpoint = (desk) => {
  const { asset, amount, fee } = readWithdrawal(desk);
  return answer({
    method: asset.method,
    limit: fixed(availableOf(desk.purse, asset.id), asset.decimals),
    amount: fixed(amount.minus(fee), asset.decimals),
    fee: fixed(fee, asset.decimals),
  });
};

/** `Withdraw`: the money leaves at once and for good. Any `key` counts as a known address. */
export const withdraw: PrivateEndpoint = (desk) => {
  const { asset, amount, fee } = readWithdrawal(desk);
  const feeMax = decimal(desk.params, 'max_fee');
  if (feeMax !== undefined && fee.gt(feeMax)) refuse(TRADING_ERRORS.maxFeeExceeded);
  return leave(desk, { asset, amount, fee, type: 'withdrawal' });
};

/** `WithdrawStatus`: every withdrawal that is still in the ledger, newest first. */
export const withdrawStatus: PrivateEndpoint = (desk) => {
  const wanted = text(desk.params, 'asset') === undefined ? null : readAsset(desk, 'asset').id;
  const rows = [...desk.books.rows.of(desk.purse.account)].filter(
    ({ type, asset }) => type === 'withdrawal' && (wanted === null || asset === wanted),
  );
  return answer(
    rows.toReversed().map((row) => {
      const { decimals, method } = desk.market.catalog.assetById(row.asset);
      return {
        method,
        aclass: 'currency',
        asset: row.asset,
        refid: row.refid,
        txid: null,
        info: 'mock',
        amount: fixed(row.amount.neg(), decimals),
        fee: fixed(row.fee, decimals),
        time: wholeSeconds(row.atMs),
        status: 'Success',
      };
    }),
  );
};

/** `WithdrawCancel`: always too late. */
export const withdrawCancel: PrivateEndpoint = (desk) => {
  readAsset(desk, 'asset');
  const refid = requiredText(desk.params, 'refid');
  const known = [...desk.books.rows.of(desk.purse.account)].some(
    (row) => row.type === 'withdrawal' && row.refid === refid,
  );
  return known ? answer(false) : refuse(TRADING_ERRORS.unknownReference);
};

/** `WalletTransfer`: out of the spot wallet, into one that the venue does not have. */
export const walletTransfer: PrivateEndpoint = (desk) => {
  const asset = readAsset(desk, 'asset');
  const ends = [requiredText(desk.params, 'from'), requiredText(desk.params, 'to')];
  if (ends.join() !== 'Spot Wallet,Futures Wallet') refuse(invalidArguments('from'));
  return leave(desk, { asset, amount: readAmount(desk, asset), fee: zero, type: 'transfer' });
};

/** `ListWalletAccounts`: none. */
export const listWalletAccounts: PrivateEndpoint = () => answer({ accounts: [] });

/** Money on its way out. */
interface Departure {
  readonly asset: Asset;
  /** With the fee. */
  readonly amount: Money;
  readonly fee: Money;
  readonly type: 'withdrawal' | 'transfer';
}

function leave(
  { books, ids, purse, atMs }: EndpointContext,
  { asset, amount, fee, type }: Departure,
): ReturnType<PrivateEndpoint> {
  const refid = ids.next('F');
  books.putIn(purse, { type, subtype: '', refid, asset: asset.id, atMs, amount: fee.minus(amount), fee });
  return { error: [], result: { refid }, effect: { kind: 'transfer', ids: [refid] } };
}

function readWithdrawal(desk: EndpointContext): Omit<Departure, 'type'> {
  const asset = readAsset(desk, 'asset');
  requiredText(desk.params, 'key');
  const amount = readAmount(desk, asset);
  const fee = asset.fiat ? withdrawalFee.fiat : withdrawalFee.crypto;
  return amount.gt(fee) ? { asset, amount, fee } : refuse(TRADING_ERRORS.invalidAmount);
}

/** An amount that the account has to spare, in whole units of the asset's last decimal. */
export function readAmount(desk: EndpointContext, asset: Asset): Money {
  requiredText(desk.params, 'amount');
  const amount = decimal(desk.params, 'amount') ?? zero;
  const wrong = !amount.gt(zero) || !amount.eq(amount.round(asset.decimals, 0));
  return wrong || amount.gt(availableOf(desk.purse, asset.id))
    ? refuse(TRADING_ERRORS.invalidAmount)
    : amount;
}

/** The asset that must be there. */
export function readAsset({ params, market }: EndpointContext, name: string): Asset {
  return market.catalog.findAsset(requiredText(params, name)) ?? refuse(TRADING_ERRORS.unknownFundingAsset);
}
