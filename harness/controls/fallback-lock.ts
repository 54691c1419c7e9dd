import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { SEPARATE_QUEUES } from './support/index.ts';
import { createMutex } from './support/index.ts';
import type { Mutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';
import type { PrivateCall } from './support/index.ts';

/** A fallback that hides the fault it falls back from. */
export const control: Control = {
  id: 'fallback-lock',
  defect: 'falls back to a lock of its own when the global one is missing: each account is orderly by itself',
  origin: "the seed design's second bug",
  rule: 'no-overlap',
  also: SEPARATE_QUEUES,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  // The name under which the manager was looked up had changed; nobody noticed.
  const globals: { readonly krakenApiLock?: Mutex } = {};
  const instanceOf = perKey((account: string) => {
    const lock = globals.krakenApiLock ?? createMutex();
    const call = (method: string, params: PrivateCall['params']): Promise<unknown> =>
      lock(() => wire.post({ account, method, params }, nextNonce()));
    return { call };
  });
  return { call: (account, method, params) => instanceOf(account).call(method, params) };
}
