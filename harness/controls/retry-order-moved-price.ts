import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sendAgainWhenLost } from './support/index.ts';
import { createWire } from './support/index.ts';

/** No two of its orders are equal, so that nothing that looks for equal orders finds them. */
export const control: Control = {
  id: 'retry-order-moved-price',
  defect: 'places an order again after a lost reply, at a price or of a size that follows the market',
  origin: 'bots that compute the order anew in each attempt: bbgo#1100',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const sender = { world, wire: createWire(world), nextNonce: clockNonces(world) };
  const lock = createMutex();
  return {
    call: (account, method, params) =>
      lock(() => {
        const again = (): typeof params => (method === 'AddOrder' ? moved(params) : params);
        return sendAgainWhenLost(sender, { account, method, params }, () => ({
          account,
          method,
          params: again(),
        }));
      }),
  };
}

/** One step up, or, without a price, a little less. */
function moved(order: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return 'price' in order
    ? { ...order, price: `${Number(order['price']) + 1}` }
    : { ...order, volume: `${Number(order['volume']) * 0.99}` };
}
