import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

const EXECUTION_MS_MAX = 40;

/** The same net in another library. async-lock counts it on the global timers, not on the world's. */
export const control: Control = {
  id: 'async-lock-execution-time',
  defect: "sets async-lock's `maxExecutionTime`: the lock passes on while the slow call is still in service",
  origin: "async-lock's documented `maxExecutionTime` option",
  rule: 'no-overlap',
  // The lock is passed on by the timer and once more by the late reply, so two calls may even start together.
  also: OVERTAKING_ON_A_KEY,
  needs: ['async-lock'],
  setting: { users: 5, calls: 4, serviceMs: 100 },
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { default: AsyncLock } = await import('async-lock');
  const lock = new AsyncLock({ maxExecutionTime: EXECUTION_MS_MAX });
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      lock.acquire('kraken', () => wire.post({ account, method, params }, nextNonce())),
  };
}
