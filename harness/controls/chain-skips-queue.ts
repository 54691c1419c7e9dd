import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Recovers by starting over, and forgets who was waiting. */
export const control: Control = {
  id: 'chain-skips-queue',
  defect: 'starts a new promise chain after a rejection, beside the old one that still has waiters',
  origin: 'hand-written promise queues that "reset on error"',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5, situations: ['call-fails'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  let tail: Promise<unknown> = Promise.resolve();
  return {
    call(account, method, params) {
      const post = (): Promise<unknown> => wire.post({ account, method, params }, nextNonce());
      const mine = tail.then(post);
      const settled = mine.catch(() => {
        tail = Promise.resolve();
      });
      tail = settled;
      return mine;
    },
  };
}
