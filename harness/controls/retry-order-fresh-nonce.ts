import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sendAgainWhenLost } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Every rule of nonces is kept, and the order is there twice. */
export const control: Control = {
  id: 'retry-order-fresh-nonce',
  defect:
    'places an order again after a lost reply, with a fresh nonce, without asking whether it was placed',
  origin: 'kraken-cli retries AddOrder after a read timeout',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const sender = { world, wire: createWire(world), nextNonce: clockNonces(world) };
  const lock = createMutex();
  return {
    call: (account, method, params) => lock(() => sendAgainWhenLost(sender, { account, method, params })),
  };
}
