import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { counterNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** No lock at all. */
export const control: Control = {
  id: 'no-lock',
  defect: 'has no lock: a counter gives every call a higher nonce, and every call is sent at once',
  origin: 'most clients of fewer than a hundred lines; node-kraken-api has no send queue',
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = counterNonces(world);
  return { call: (account, method, params) => wire.post({ account, method, params }, nextNonce()) };
}
