import type { Reference } from '../control.ts';
import { clockNonces } from '../support/index.ts';
import { createWire } from '../support/index.ts';
import type { ClientWorld, TargetClient } from '../../run/targets/index.ts';

export const reference: Reference = {
  id: 'p-limit',
  description: 'p-limit with a limit of 1; the nonce is drawn inside',
  needs: ['p-limit'],
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(1);
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) => limit(() => wire.post({ account, method, params }, nextNonce())),
  };
}
