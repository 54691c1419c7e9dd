import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ACROSS_KEYS, OVERTAKING_ON_A_KEY } from './wire/companions.ts';
import { createMutex } from './wire/mutex.ts';
import { clockNonces } from './wire/nonces.ts';
import { createWire, RefusedError } from './wire/wire.ts';

/** The lock covers the first attempt only. */
export const control: Control = {
  id: 'retry-outside-lock',
  defect: 'wraps the retry around the lock instead of the lock around the retry, and retries the bare call',
  origin: 'retry helpers added to a client after its lock',
  rule: 'no-overlap',
  also: { ...OVERTAKING_ON_A_KEY, ...OVERTAKING_ACROSS_KEYS },
  setting: { users: 5, calls: 5, situations: ['first-call-fails'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call(account, method, params) {
      const attempt = (): Promise<unknown> => wire.post({ account, method, params }, nextNonce());
      return lock(attempt).catch((error: unknown) => {
        if (error instanceof RefusedError) throw error;
        return attempt();
      });
    },
  };
}
