import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { clockNonces } from './wire/nonces.ts';
import { createWire } from './wire/wire.ts';

/** Shorter than a call takes, and longer than the network can swap two calls: the overlap shows by itself. */
const LEASE_MS = 40;

/** Exclusive until the lease runs out. */
export const control: Control = {
  id: 'lease-lock',
  defect: 'its lock is a lease: it expires while a slow call is still in service, and the next one starts',
  origin: 'Redlock and other locks with a time to live, taken for mutual exclusion',
  rule: 'no-overlap',
  setting: { users: 5, calls: 4, serviceMs: 100 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const acquire = createLeaseLock(world);
  return {
    async call(account, method, params) {
      const release = await acquire();
      return wire.post({ account, method, params }, nextNonce()).finally(release);
    },
  };
}

/** First come, first served; the holder is cut off after {@link LEASE_MS}. */
function createLeaseLock(world: ClientWorld): () => Promise<() => void> {
  let tail: Promise<void> = Promise.resolve();
  return async () => {
    const previous = tail;
    let release: () => void = () => undefined;
    tail = new Promise((resolve) => (release = resolve));
    await previous;
    const lease = world.timers.setTimeout(release, LEASE_MS);
    return () => {
      world.timers.clearTimeout(lease);
      release();
    };
  };
}
