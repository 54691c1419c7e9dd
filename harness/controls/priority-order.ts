import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Numbered in one order, sent in another. */
export const control: Control = {
  id: 'priority-order',
  defect:
    'draws the nonce when a call is queued and lets cancellations overtake: the later nonce is sent first',
  origin: "p-queue's `priority`, with calls that are signed before they are queued",
  rule: 'nonce-increasing',
  needs: ['p-queue'],
  setting: { users: 5, calls: 6 },
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: 1 });
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    call(account, method, params) {
      const request = wire.sign({ account, method, params }, nextNonce());
      return queue.add(() => wire.send(request), { priority: method === 'CancelOrder' ? 1 : 0 });
    },
  };
}
