import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { withTimeLimit } from './support/index.ts';
import { createWire } from './support/index.ts';

const TIMEOUT_MS = 40;

/** The client hangs up; the exchange works on. */
export const control: Control = {
  id: 'abort-frees-lock',
  defect: 'aborts a slow request and frees the lock, as if hanging up had stopped the exchange',
  origin: 'the habit of `fetch(url, { signal: AbortSignal.timeout(ms) })` inside a lock',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 4, serviceMs: 100 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      lock(() => {
        const request = wire.sign({ account, method, params }, nextNonce());
        return withTimeLimit(world, TIMEOUT_MS, (signal) => wire.send({ ...request, signal }));
      }),
  };
}
