import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';
import type { PrivateCall } from './support/index.ts';

/** Waits for itself. */
export const control: Control = {
  id: 'nested-run-exclusive',
  defect: 'takes a lock that is not reentrant twice when it cancels an order: it waits for itself, for ever',
  origin: "async-mutex's `runExclusive`, called from a method that another locked method uses",
  rule: 'all-settle',
  needs: ['async-mutex'],
  setting: { users: 5, calls: 5 },
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const { Mutex } = await import('async-mutex');
  const mutex = new Mutex();
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const locked = (call: PrivateCall): Promise<unknown> =>
    mutex.runExclusive(() => wire.post(call, nextNonce()));
  return {
    call(account, method, params) {
      const call = { account, method, params };
      // "Nothing may come between the decision to cancel and the cancellation."
      return method === 'CancelOrder' ? mutex.runExclusive(() => locked(call)) : locked(call);
    },
  };
}
