import type { Reference } from '../control.ts';
import { clockNonces } from '../support/index.ts';
import { createWire } from '../support/index.ts';
import type { ClientWorld, TargetClient } from '../../run/targets/index.ts';

export const reference: Reference = {
  id: 'p-queue',
  description: 'p-queue with a concurrency of 1, without its `timeout` and `priority`',
  needs: ['p-queue'],
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: 1 });
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) => queue.add(() => wire.post({ account, method, params }, nextNonce())),
  };
}
