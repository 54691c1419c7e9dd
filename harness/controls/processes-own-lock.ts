import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY, SEPARATE_QUEUES } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Right in one process. */
export const control: Control = {
  id: 'processes-own-lock',
  defect: 'locks and counts correctly inside of each process, and runs in two of them with the same keys',
  origin: 'formancehq/payments#739: an atomic nonce in the process, and two worker pods on one key',
  rule: 'no-overlap',
  also: { ...OVERTAKING_ON_A_KEY, ...SEPARATE_QUEUES },
  setting: { users: 5, calls: 8, processes: 2 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const lock = createMutex();
  return {
    call: (account, method, params) => lock(() => wire.post({ account, method, params }, nextNonce())),
  };
}
