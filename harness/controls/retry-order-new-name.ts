import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sendAgainWhenLost, withoutTag } from './support/index.ts';
import { createWire } from './support/index.ts';

/** A name that changes with each attempt protects from nothing: the exchange sees two orders. */
export const control: Control = {
  id: 'retry-order-new-name',
  defect: 'places an order again after a lost reply, under a new cl_ord_id for each attempt',
  origin: 'bots that draw the id where they send: clikraken#26, BitBot#27',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const sender = { world, wire: createWire(world), nextNonce: clockNonces(world) };
  const lock = createMutex();
  let attempts = 0;
  return {
    call: (account, method, params) =>
      lock(() => {
        if (method !== 'AddOrder') return sendAgainWhenLost(sender, { account, method, params });
        const named = (order: typeof params): typeof params => ({ ...order, cl_ord_id: `try-${++attempts}` });
        const again = { account, method, params: withoutTag(params) };
        return sendAgainWhenLost(sender, { account, method, params: named(params) }, () => ({
          ...again,
          params: named(again.params),
        }));
      }),
  };
}
