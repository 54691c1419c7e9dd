import type { Reference } from '../control.ts';
import { clockNonces } from '../support/index.ts';
import { createWire } from '../support/index.ts';
import type { ClientWorld, TargetClient } from '../../run/targets/index.ts';

export const reference: Reference = {
  id: 'await-lock',
  description: 'await-lock with try and finally around nonce and call',
  needs: ['await-lock'],
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { default: AwaitLock } = await import('await-lock');
  const lock = new AwaitLock();
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    async call(account, method, params) {
      await lock.acquireAsync();
      try {
        return await wire.post({ account, method, params }, nextNonce());
      } finally {
        lock.release();
      }
    },
  };
}
