import { GlobalKrakenNonceManager } from '../../src/index.ts';
import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { laneKeysOf } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Where the last run stopped, read from wherever it was kept. */
const LAST_NONCE = 1_700_000_000_000_000_000n;

/** A variable is not shared between threads, however global it looks. */
export const control: Control = {
  id: 'threads-own-counter',
  defect:
    'shares the lane between two worker threads, but counts its nonces in a variable, of which each has its own',
  origin: 'a counter in a module, and the module in a worker thread; no Atomics, no shared memory',
  rule: 'nonce-increasing',
  also: { 'nonce-reused': 'both counters start at the same number' },
  setting: { users: 5, calls: 8, threads: 2, coordinator: 'threads' },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  let nonce = LAST_NONCE;
  const { coordinator } = GlobalKrakenNonceManager.instance();
  const laneKeyOf = laneKeysOf(world);
  return {
    call: (account, method, params) =>
      coordinator.turn(laneKeyOf(account), () => wire.post({ account, method, params }, ++nonce)),
  };
}
