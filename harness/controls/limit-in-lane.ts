import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sleep } from './support/index.ts';
import { createWire, RefusedError } from './support/index.ts';

/** Pays for one call in every tier. */
const RETRY_AFTER_MS = 3_000;
const RETRIES = 3;

/** Never two calls at once, nonces in order, nothing twice; and every account waits for the one at its limit. */
export const control: Control = {
  id: 'limit-in-lane',
  defect:
    'waits for the limit of one account inside the lock of all: the others wait while nothing is in service',
  origin: 'back-off inside a locked section; our own client until November 2026 (after ccxt issue 4581)',
  rule: 'no-starvation',
  setting: { users: 5, calls: 6, situations: ['account-limit'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      lock(async () => {
        const send = (): Promise<unknown> => wire.post({ account, method, params }, nextNonce());
        for (let retry = 0; ; retry += 1) {
          try {
            return await send();
          } catch (error) {
            const isLimit = error instanceof RefusedError && /limit/i.test(error.message);
            if (!isLimit || retry === RETRIES) throw error;
            await sleep(world, RETRY_AFTER_MS);
          }
        }
      }),
  };
}
