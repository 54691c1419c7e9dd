import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

const DAY_MS = 86_400_000;
/** The redeployment falls into the accounts' bursts. */
const CALLS_BEFORE_REDEPLOYMENT = 12;

/** Counts from when the host was started, and hosts are replaced. */
export const control: Control = {
  id: 'uptime-nonce',
  defect: 'takes time since boot for a nonce: redeployed on a fresh host, it starts again near zero',
  origin: "`process.hrtime.bigint()` in the JavaScript sample of Kraken's own authentication guide",
  rule: 'nonce-increasing',
  setting: { users: 5, calls: 6 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const oldHost = hostUpFor(world, 30 * DAY_MS);
  const freshHost = hostUpFor(world, 60_000);
  let calls = 0;
  return {
    call: (account, method, params) =>
      lock(() => {
        const hrtime = ++calls > CALLS_BEFORE_REDEPLOYMENT ? freshHost : oldHost;
        return wire.post({ account, method, params }, hrtime());
      }),
  };
}

/** `process.hrtime.bigint()` on a host that had been up for so long when the client was made. */
function hostUpFor(world: ClientWorld, uptimeMs: number): () => bigint {
  const originMs = world.clock.monotonicMs();
  // The last digits keep two reads apart, as a real host's do, where the world's clock is coarser.
  let reads = 0n;
  return () => BigInt(Math.round((world.clock.monotonicMs() - originMs + uptimeMs) * 1e3)) * 1_000n + ++reads;
}
