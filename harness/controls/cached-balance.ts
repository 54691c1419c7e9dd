import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Looks well behaved because it says less. */
export const control: Control = {
  id: 'cached-balance',
  defect:
    'answers Balance from a cache that orders do not invalidate: the caller is told of a call nobody made',
  origin: 'response caches put before a client to save rate limit',
  rule: 'exercised',
  setting: { users: 5, calls: 6 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  const balances = new Map<string, Promise<unknown>>();
  return {
    async call(account, method, params) {
      const cached = method === 'Balance' ? balances.get(account) : undefined;
      if (cached !== undefined) return cached;
      const reply = lock(() => wire.post({ account, method, params }, nextNonce()));
      if (method === 'Balance') balances.set(account, reply);
      return reply;
    },
  };
}
