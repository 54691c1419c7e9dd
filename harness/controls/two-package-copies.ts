import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { SEPARATE_QUEUES } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** A module's top level runs once per copy. */
export const control: Control = {
  id: 'two-package-copies',
  defect:
    'keeps its "global" lock in a module variable; with two copies of the package there are two of them',
  origin: 'nested node_modules, or the ESM and the CommonJS build of one package in one process',
  rule: 'no-overlap',
  also: SEPARATE_QUEUES,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const master = loadPackageCopy(world);
  const copyTrader = loadPackageCopy(world);
  return {
    call: (account, method, params) =>
      (account === 'MASTER' ? master : copyTrader).call(account, method, params),
  };
}

/** What importing the package does: its module variables come into being. */
function loadPackageCopy(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const globalLock = createMutex();
  const globalNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      globalLock(() => wire.post({ account, method, params }, globalNonce())),
  };
}
