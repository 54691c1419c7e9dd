import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';

/** What two parts of a bot each made for themselves, for the same account. */
interface Handle {
  readonly account: string;
}

/** Two objects, one key, two locks. */
export const control: Control = {
  id: 'lock-by-identity',
  defect: 'has a lock per account object, not per API key: two objects with one key have two locks',
  origin: 'a `Map` or `WeakMap` from account objects to locks',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5, scope: 'key' },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const lockOf = perKey((_handle: Handle) => createMutex());
  const tradingHandle = perKey((account: string): Handle => ({ account }));
  const portfolioHandle = perKey((account: string): Handle => ({ account }));
  return {
    call(account, method, params) {
      const handle = method.endsWith('Order') ? tradingHandle(account) : portfolioHandle(account);
      return lockOf(handle)(() => wire.post({ account, method, params }, nextNonce()));
    },
  };
}
