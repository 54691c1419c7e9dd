import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { createMutex } from './wire/mutex.ts';
import { clockNonces } from './wire/nonces.ts';
import { withTimeLimit, sleep } from './wire/time.ts';
import { createWire, RefusedError } from './wire/wire.ts';

/** Far beyond any service time, so that the retry does not overlap what it repeats. */
const REPLY_TIMEOUT_MS = 1_000;
const RETRY_AFTER_MS = 200;

/** Every rule of nonces is kept, and the order is there twice. */
export const control: Control = {
  id: 'retry-order-fresh-nonce',
  defect:
    'places an order again after a lost reply, with a fresh nonce, without asking whether it was placed',
  origin: 'kraken-cli retries AddOrder after a read timeout',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      lock(async () => {
        const send = (): Promise<unknown> => {
          const request = wire.sign({ account, method, params }, nextNonce());
          return withTimeLimit(world, REPLY_TIMEOUT_MS, (signal) => wire.send({ ...request, signal }));
        };
        return send().catch(async (error: unknown) => {
          if (error instanceof RefusedError) throw error;
          await sleep(world, RETRY_AFTER_MS);
          return send();
        });
      }),
  };
}
