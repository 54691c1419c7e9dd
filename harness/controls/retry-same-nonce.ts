import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { withTimeLimit, sleep } from './support/index.ts';
import { createWire, RefusedError } from './support/index.ts';

/** Far beyond any service time, so that the retry does not overlap what it repeats. */
const REPLY_TIMEOUT_MS = 1_000;
const RETRY_AFTER_MS = 200;

/** Repeats the request, nonce and signature included. */
export const control: Control = {
  id: 'retry-same-nonce',
  defect: 'repeats the signed request after a lost reply, so the same nonce is sent twice',
  origin: "QuantConnect's Lean re-sends the signed body on HTTP 429; so does any retrying HTTP layer",
  rule: 'nonce-reused',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      lock(async () => {
        const request = wire.sign({ account, method, params }, nextNonce());
        const send = (): Promise<unknown> =>
          withTimeLimit(world, REPLY_TIMEOUT_MS, (signal) => wire.send({ ...request, signal }));
        return send().catch(async (error: unknown) => {
          if (error instanceof RefusedError) throw error;
          await sleep(world, RETRY_AFTER_MS);
          return send();
        });
      }),
  };
}
