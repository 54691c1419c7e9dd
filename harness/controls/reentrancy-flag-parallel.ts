import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createBatcher } from './support/index.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** "I am inside already" is true for every branch of a `Promise.all`. */
export const control: Control = {
  id: 'reentrancy-flag-parallel',
  defect: 'lets whoever carries the "already held" mark pass, so the branches of a Promise.all pass together',
  origin: 'the usual recipe for a reentrant lock: AsyncLocalStorage with a flag',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const lock = createMutex();
  const held = new AsyncLocalStorage<boolean>();
  const exclusive = <T>(body: () => Promise<T>): Promise<T> =>
    held.getStore() === true ? body() : lock(() => held.run(true, body));

  const ask = createBatcher(
    (batch) =>
      void exclusive(() =>
        Promise.all(batch.map(({ call, settle }) => settle(exclusive(() => wire.post(call, nextNonce()))))),
      ),
  );
  return { call: (account, method, params) => ask({ account, method, params }) };
}
