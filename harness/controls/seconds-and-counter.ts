import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { createMutex } from './wire/mutex.ts';
import { createWire } from './wire/wire.ts';

/** Asks whether the second is another one, where it should ask whether it is a later one. */
export const control: Control = {
  id: 'seconds-and-counter',
  defect:
    'counts within a second and restarts the count whenever the second differs, also when it is earlier',
  origin: "krakenfx/api-go, Kraken's own Go client",
  rule: 'nonce-increasing',
  also: { 'nonce-reused': 'the count restarts in a second that has been counted in before' },
  setting: { users: 5, calls: 6, clock: 'steps' },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = secondsAndCounter(world);
  return {
    call: (account, method, params) => lock(() => wire.post({ account, method, params }, nextNonce())),
  };
}

function secondsAndCounter(world: ClientWorld): () => bigint {
  let second = 0n;
  let count = 0n;
  return () => {
    const now = world.clock.wallNs() / 1_000_000_000n;
    count = now === second ? count + 1n : 0n;
    second = now;
    return second * 1_000n + count;
  };
}
