import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** `finally` has released already: the second release hands the lane to one caller more. */
export const control: Control = {
  id: 'async-mutex-stray-release',
  defect: 'calls `mutex.release()` in a catch block around a body that releases by itself',
  origin: "async-mutex's `release()`, which frees the lock of whoever holds it now",
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  needs: ['async-mutex'],
  setting: { users: 5, calls: 5, situations: ['call-fails'] },
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { Mutex } = await import('async-mutex');
  const mutex = new Mutex();
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    async call(account, method, params) {
      try {
        return await mutex.runExclusive(() => wire.post({ account, method, params }, nextNonce()));
      } catch (error) {
        mutex.release();
        throw error;
      }
    },
  };
}
