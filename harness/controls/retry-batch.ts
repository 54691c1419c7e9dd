import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sendAgainWhenLost, withoutTag } from './support/index.ts';
import { createWire, type PrivateCall } from './support/index.ts';

/** Two orders at a time, and after a lost reply four. */
export const control: Control = {
  id: 'retry-batch',
  defect: 'places every order in a batch with a second one, and the whole batch again after a lost reply',
  origin: 'retries around AddOrderBatch as around a query',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

/** Rests far below any market. */
const SECOND = { type: 'buy', ordertype: 'limit', price: '500', volume: '0.01' };

export function createClient(world: ClientWorld): TargetClient {
  const sender = { world, wire: createWire(world), nextNonce: clockNonces(world) };
  const lock = createMutex();
  return {
    call: (account, method, params) =>
      lock(async () => {
        if (method !== 'AddOrder') return sendAgainWhenLost(sender, { account, method, params });
        const first = batchOf(account, params);
        const reply = await sendAgainWhenLost(sender, first, () => ({
          ...first,
          params: withoutTag(first.params),
        }));
        return { txid: (reply as BatchReply).orders.map(({ txid }) => txid) };
      }),
  };
}

interface BatchReply {
  readonly orders: readonly { readonly txid: string }[];
}

function batchOf(account: string, params: PrivateCall['params']): PrivateCall {
  const { pair, nonceproof_call, ...order } = params;
  const batch = { pair, nonceproof_call, orders: [order, SECOND] };
  return { account, method: 'AddOrderBatch', params: batch, encoding: 'json' };
}
