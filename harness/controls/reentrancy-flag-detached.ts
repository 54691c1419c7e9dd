import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createBatcher } from './support/index.ts';
import type { Asked } from './support/index.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Whatever was started inside a turn carries its mark for ever. */
export const control: Control = {
  id: 'reentrancy-flag-detached',
  defect:
    'starts work in a turn without awaiting it; the work keeps the "already held" mark when the turn is over',
  origin: 'AsyncLocalStorage reentrancy beside fire-and-forget promises',
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

  const drain = async (batch: readonly Asked[]): Promise<void> => {
    for (const { call, settle } of batch) await settle(exclusive(() => wire.post(call, nextNonce())));
  };
  const ask = createBatcher((batch) => void exclusive(async () => void drain(batch)));
  return { call: (account, method, params) => ask({ account, method, params }) };
}
