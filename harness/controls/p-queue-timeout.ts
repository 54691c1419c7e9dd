import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

const TIMEOUT_MS = 40;

/** A time limit that looks like a safety net. p-queue counts it on the global timers, not on the world's. */
export const control: Control = {
  id: 'p-queue-timeout',
  defect: "sets p-queue's `timeout`: a slow call is given up, its place is freed, and it is still in service",
  origin: "p-queue's documented `timeout` option with `concurrency: 1`",
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  needs: ['p-queue'],
  setting: { users: 5, calls: 4, serviceMs: 100 },
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: 1, timeout: TIMEOUT_MS });
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) => queue.add(() => wire.post({ account, method, params }, nextNonce())),
  };
}
