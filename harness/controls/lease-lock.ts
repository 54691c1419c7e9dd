import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createGate } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/**
 * Shorter than a call takes, and so long that neither the network nor a stalled machine can swap two calls: the
 * overlap shows by itself, with nonces in perfect order.
 */
const LEASE_MS = 250;

/** Exclusive until the lease runs out. */
export const control: Control = {
  id: 'lease-lock',
  defect: 'its lock is a lease: it expires while a slow call is still in service, and the next one starts',
  origin: 'Redlock and other locks with a time to live, taken for mutual exclusion',
  rule: 'no-overlap',
  setting: { users: 2, calls: 2, serviceMs: 600 },
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
    const { opened, open } = createGate();
    tail = opened;
    await previous;
    const lease = world.timers.setTimeout(open, LEASE_MS);
    return () => {
      world.timers.clearTimeout(lease);
      open();
    };
  };
}
