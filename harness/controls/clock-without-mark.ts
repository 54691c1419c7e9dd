import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Believes that time only moves forward. */
export const control: Control = {
  id: 'clock-without-mark',
  defect: 'takes the wall clock as it is, without remembering the highest nonce: a step back goes back',
  origin: 'python-kraken-sdk (time * 1e8) and kraken-api: no high-water mark',
  rule: 'nonce-increasing',
  also: { 'nonce-reused': 'a clock that stands still gives the same nonce twice' },
  // Enough readings that stalls and steps hit neighbouring calls of one key in every run.
  setting: { users: 10, calls: 15, clock: 'steps' },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  return {
    call: (account, method, params) =>
      lock(() => wire.post({ account, method, params }, world.clock.wallNs() / 10n)),
  };
}
