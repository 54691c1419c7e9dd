import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { setBackOnce } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Asks whether the second is another one, where it should ask whether it is a later one. */
export const control: Control = {
  id: 'seconds-and-counter',
  defect:
    'counts within a second and restarts the count whenever the second differs, also when it is earlier',
  origin: "krakenfx/api-go, Kraken's own Go client, on a host whose clock is set back by two seconds",
  rule: 'nonce-increasing',
  also: { 'nonce-reused': 'the count restarts in a second that has been counted in before' },
  setting: { users: 5, calls: 6 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const wallNs = setBackOnce(world, { readings: 12, ms: 2_000 });
  let second = 0n;
  let count = 0n;
  const nextNonce = (): bigint => {
    const now = wallNs() / 1_000_000_000n;
    count = now === second ? count + 1n : 0n;
    second = now;
    return second * 1_000n + count;
  };
  return {
    call: (account, method, params) => lock(() => wire.post({ account, method, params }, nextNonce())),
  };
}
