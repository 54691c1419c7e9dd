import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { createBatcher } from './wire/batch.ts';
import { OVERTAKING_ON_A_KEY } from './wire/companions.ts';
import { createMutex } from './wire/mutex.ts';
import { clockNonces } from './wire/nonces.ts';
import { createWire } from './wire/wire.ts';

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
