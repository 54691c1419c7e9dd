import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire, RefusedError } from './support/index.ts';

/** The lock covers the first attempt only. */
export const control: Control = {
  id: 'retry-outside-lock',
  defect: 'wraps the retry around the lock instead of the lock around the retry, and repeats the bare call',
  origin: 'retry helpers added to a client after its lock',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 6, situations: ['call-fails'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call(account, method, params) {
      const attempt = (): Promise<unknown> => wire.post({ account, method, params }, nextNonce());
      return lock(attempt).catch((error: unknown) => {
        // Orders are not repeated: that would be another defect.
        if (error instanceof RefusedError || method.endsWith('Order')) throw error;
        return attempt();
      });
    },
  };
}
