import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

/** A double counts in steps of 256 at this height. */
export const control: Control = {
  id: 'number-nonce',
  defect:
    'keeps nanoseconds in a Number, where 19 digits do not fit, and guards them with a `+ 1` that adds nothing',
  origin: 'JavaScript: `Number(ns)` or `Date.now() * 1e6` above 2^53',
  rule: 'nonce-increasing',
  also: {
    'nonce-reused': 'two calls within 256 ns, or a clock that stands still, get the same double',
  },
  // That precision was lost is a warning; what it costs shows where the clock stands still or steps back.
  setting: { users: 10, calls: 6, clock: 'steps' },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  let last = 0;
  return {
    call(account, method, params) {
      last = Math.max(last + 1, Number(world.clock.wallNs()));
      const nonce = last;
      return lock(() => wire.post({ account, method, params }, nonce));
    },
  };
}
