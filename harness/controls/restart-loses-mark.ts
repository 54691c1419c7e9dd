import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Flawless until it is started again. */
export const control: Control = {
  id: 'restart-loses-mark',
  defect: 'keeps its high-water mark in memory only: after a crash and a clock set back it goes below it',
  origin: 'every in-process nonce source; a container restarted while its host corrects the clock',
  rule: 'nonce-increasing',
  setting: { users: 5, calls: 6, situations: ['restart'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) => lock(() => wire.post({ account, method, params }, nextNonce())),
  };
}
