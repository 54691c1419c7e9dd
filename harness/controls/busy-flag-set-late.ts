import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sleep } from './support/index.ts';
import { createWire } from './support/index.ts';

const POLL_MS = 2;

/** Test, await, set: everybody who tested before the first one set is inside. */
export const control: Control = {
  id: 'busy-flag-set-late',
  defect: 'tests its busy flag, then awaits, then sets it: all who tested in between go ahead together',
  origin: "bots that reason 'JavaScript has one thread, so a flag will do'",
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const loadNonce = async (): Promise<bigint> => nextNonce();
  const lane = { busy: false };
  return {
    async call(account, method, params) {
      while (lane.busy) await sleep(world, POLL_MS);
      const nonce = await loadNonce();
      lane.busy = true;
      return wire.post({ account, method, params }, nonce).finally(() => {
        lane.busy = false;
      });
    },
  };
}
