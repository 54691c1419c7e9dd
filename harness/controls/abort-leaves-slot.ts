import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createGate } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Its place in the queue outlives the waiter. */
export const control: Control = {
  id: 'abort-leaves-slot',
  defect: 'leaves its place in the queue behind when it is aborted while waiting; nobody ever gives it back',
  origin: 'p-queue #168, #219, #241',
  rule: 'all-settle',
  setting: { users: 5, calls: 5, situations: ['abort-queued'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  let tail: Promise<void> = Promise.resolve();
  return {
    async call(account, method, params, options) {
      const previous = tail;
      const { opened, open } = createGate();
      tail = opened;
      await Promise.race([previous, aborted(options?.signal)]);
      return wire.post({ account, method, params }, nextNonce()).finally(open);
    },
  };
}

/** Rejects when the caller gives up. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}
