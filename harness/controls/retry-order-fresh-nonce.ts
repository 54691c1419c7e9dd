import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { createMutex } from './wire/mutex.ts';
import { clockNonces } from './wire/nonces.ts';
import { sendAgainWhenLost } from './wire/resend.ts';
import { createWire } from './wire/wire.ts';

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
