import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Calls that each account had made before the run, so that every account's counter wraps in its first burst. */
const CALLS_BEFORE = 997n;

/** A thousand calls later, or at the wrong one. */
export const control: Control = {
  id: 'counter-wraps',
  defect:
    'appends a three-digit counter to milliseconds: when it wraps within a millisecond, the nonce goes back',
  origin: 'milliseconds * 1000 + counter % 1000, a common way to get microseconds without a clock for them',
  rule: 'nonce-increasing',
  setting: { users: 10, calls: 6 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const counterOf = perKey((_account: string) => ({ calls: CALLS_BEFORE }));
  return {
    call(account, method, params) {
      const nowMs = world.clock.wallNs() / 1_000_000n;
      const nonce = nowMs * 1_000n + (counterOf(account).calls++ % 1_000n);
      return lock(() => wire.post({ account, method, params }, nonce));
    },
  };
}
