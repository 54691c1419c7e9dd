import type { Reference } from '../control.ts';
import { clockNonces } from '../support/index.ts';
import { createWire } from '../support/index.ts';
import type { ClientWorld, TargetClient } from '../../run/targets/index.ts';

export const reference: Reference = {
  id: 'async-mutex',
  description: "async-mutex's `runExclusive` around nonce and call",
  needs: ['async-mutex'],
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { Mutex } = await import('async-mutex');
  const mutex = new Mutex();
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      mutex.runExclusive(() => wire.post({ account, method, params }, nextNonce())),
  };
}
