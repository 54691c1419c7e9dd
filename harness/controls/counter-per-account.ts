import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { createMutex } from './wire/mutex.ts';
import { perKey } from './wire/per-key.ts';
import { createWire } from './wire/wire.ts';

/** All that Kraken asks for, and less than scope `global` does. */
export const control: Control = {
  id: 'counter-per-account',
  defect: 'has one lock for all accounts and one nonce counter for each: no order across accounts',
  origin: 'nonce state kept in the account object',
  rule: 'nonce-global-order',
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const counterOf = perKey((_account: string) => ({ last: 0n }));
  return {
    call: (account, method, params) =>
      lock(() => wire.post({ account, method, params }, ++counterOf(account).last)),
  };
}
