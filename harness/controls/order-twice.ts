import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Two nonces, two replies, two positions. */
export const control: Control = {
  id: 'order-twice',
  defect: 'submits every order twice, with fresh nonces, in the belief that the exchange drops duplicates',
  origin: "'at least once' delivery, taken over from message queues that deduplicate",
  rule: 'effect-once',
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    async call(account, method, params) {
      const submit = (): Promise<unknown> => lock(() => wire.post({ account, method, params }, nextNonce()));
      const reply = await submit();
      if (method === 'AddOrder') await submit();
      return reply;
    },
  };
}
