import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createBatcher } from './support/index.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Half of structured concurrency: siblings queue up, but nobody waits for them. */
export const control: Control = {
  id: 'reentrancy-drops-child',
  defect: 'runs the calls inside a turn one by one, yet ends the turn when its body returns, with calls left',
  origin: 'reentrant locks that count depth and forget children that were not awaited',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const lock = createMutex();
  const ask = createBatcher(
    (batch) =>
      void lock(async () => {
        const siblings = createMutex();
        const children = batch.map(({ call, settle }) =>
          settle(siblings(() => wire.post(call, nextNonce()))),
        );
        await children[0];
      }),
  );
  return { call: (account, method, params) => ask({ account, method, params }) };
}
