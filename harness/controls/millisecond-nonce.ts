import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Two calls in one millisecond share a nonce. */
export const control: Control = {
  id: 'millisecond-nonce',
  defect: 'takes `Date.now()` when a call is asked for: two calls in one millisecond get the same nonce',
  origin: 'ccxt, krakenex and Lean: milliseconds without a guard',
  rule: 'nonce-increasing',
  also: { 'nonce-reused': 'equal milliseconds on one key are the same nonce sent twice' },
  setting: { users: 5, calls: 6 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  return {
    call(account, method, params) {
      const nonce = world.clock.wallNs() / 1_000_000n;
      return lock(() => wire.post({ account, method, params }, nonce));
    },
  };
}
