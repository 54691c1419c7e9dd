import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Last come, first served. */
export const control: Control = {
  id: 'lifo-lock',
  defect: 'wakes the waiter that came last: under steady load the first ones wait until the load ends',
  origin: 'locks that keep their waiters in an array and `pop()` it',
  rule: 'no-starvation',
  setting: { users: 10, calls: 8 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const waiters: (() => void)[] = [];
  let held = false;
  const acquire = async (): Promise<void> => {
    if (held) return new Promise((resolve) => void waiters.push(resolve));
    held = true;
  };
  const release = (): void => {
    const last = waiters.pop();
    if (last === undefined) held = false;
    else last();
  };
  return {
    async call(account, method, params) {
      await acquire();
      return wire.post({ account, method, params }, nextNonce()).finally(release);
    },
  };
}
