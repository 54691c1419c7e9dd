import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './wire/companions.ts';
import { createMutex } from './wire/mutex.ts';
import type { Mutex } from './wire/mutex.ts';
import { clockNonces } from './wire/nonces.ts';
import { createWire } from './wire/wire.ts';

/** What two parts of a bot each got for themselves, with the same API key in it. */
interface Handle {
  readonly apiKey: string;
}

/** Two objects, one key, two locks. */
export const control: Control = {
  id: 'lock-by-identity',
  defect: 'has a lock per account object, not per API key: two objects with one key have two locks',
  origin: '`WeakMap<Account, Mutex>`, and object keys in general',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5, scope: 'key' },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const locks = new WeakMap<Handle, Mutex>();
  const lockOf = (handle: Handle): Mutex => {
    const lock = locks.get(handle) ?? createMutex();
    locks.set(handle, lock);
    return lock;
  };
  const handles = (): ReadonlyMap<string, Handle> =>
    new Map(world.accounts.map(({ account, apiKey }) => [account, { apiKey }]));
  const trading = handles();
  const portfolio = handles();
  return {
    async call(account, method, params) {
      const handle = (method.endsWith('Order') ? trading : portfolio).get(account);
      if (handle === undefined) throw new TypeError(`no account ${account}`);
      return lockOf(handle)(() => wire.post({ account, method, params }, nextNonce()));
    },
  };
}
