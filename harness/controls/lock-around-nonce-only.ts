import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** The lock ends where it should begin. */
export const control: Control = {
  id: 'lock-around-nonce-only',
  defect: 'locks the drawing of the nonce, not the call: nonces leave in order and arrive in any',
  origin: "the literal reading of 'a counter with a mutex' in Kraken's errors guide",
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    async call(account, method, params) {
      const nonce = await lock(async () => nextNonce());
      return wire.post({ account, method, params }, nonce);
    },
  };
}
