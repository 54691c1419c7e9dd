import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createGate } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** The way out is on the sunny path only. */
export const control: Control = {
  id: 'chain-poisoned',
  defect:
    'passes the lock on after a success only: one rejected call, and everybody behind it waits for ever',
  origin: 'hand-written promise locks without try/finally',
  rule: 'all-settle',
  setting: { users: 5, calls: 5, situations: ['call-fails'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  let tail: Promise<void> = Promise.resolve();
  return {
    async call(account, method, params) {
      const previous = tail;
      const { opened, open } = createGate();
      tail = opened;
      await previous;
      const result = await wire.post({ account, method, params }, nextNonce());
      open();
      return result;
    },
  };
}
