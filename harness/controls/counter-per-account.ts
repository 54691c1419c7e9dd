import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';

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
