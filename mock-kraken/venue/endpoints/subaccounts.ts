import { invalidArguments } from '../../kraken-errors.ts';
import type { Balances } from '../balances/index.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { zero } from '../catalog/index.ts';
import { requiredText } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { readAmount, readAsset } from './funding.ts';

/** `CreateSubaccount`: says yes. Accounts come from whoever runs the mock. */
export const createSubaccount: PrivateEndpoint = ({ params }) => {
  requiredText(params, 'username');
  requiredText(params, 'email');
  return answer(true);
};

/** `AccountTransfer`: between accounts of the venue, by their names (`MASTER`, `USER_1`); out of the caller's own. */
export const accountTransfer: PrivateEndpoint = (desk) => {
  const asset = readAsset(desk, 'asset');
  const amount = readAmount(desk, asset);
  if (requiredText(desk.params, 'from') !== desk.purse.account) refuse(invalidArguments('from'));
  const to = receiver(desk);
  const refid = desk.ids.next('F');
  const posting = {
    type: 'transfer',
    subtype: '',
    refid,
    asset: asset.id,
    atMs: desk.atMs,
    amount,
    fee: zero,
  } as const;
  desk.books.move(desk.purse, to, posting);
  return {
    error: [],
    result: { transfer_id: refid, status: 'complete' },
    effect: { kind: 'transfer', ids: [refid] },
  };
};

function receiver({ books, params, purse }: EndpointContext): Balances {
  const to = books.purse(requiredText(params, 'to'));
  return to === undefined || to === purse ? refuse(invalidArguments('to')) : to;
}
