import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createBatcher } from './support/index.ts';
import type { Asked } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

const SOCKETS = 2;

/** Sent in order is not arrived in order. */
export const control: Control = {
  id: 'two-sockets',
  defect: 'sends two calls at a time, one on each of its two sockets: rising nonces arrive swapped',
  origin: 'krakenex #21: nonces 300 ms apart, rising, and refused',
  rule: 'nonce-increasing',
  also: {
    'no-overlap': 'two calls on two sockets are in service together; without that nothing could be swapped',
  },
  setting: { users: 8, calls: 8 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const lock = createMutex();
  const sendTogether = (calls: readonly Asked[]): Promise<unknown> =>
    Promise.all(calls.map(({ call, settle }) => settle(wire.post(call, nextNonce()))));
  const ask = createBatcher(
    (batch) =>
      void lock(async () => {
        for (let i = 0; i < batch.length; i += SOCKETS) await sendTogether(batch.slice(i, i + SOCKETS));
      }),
  );
  return { call: (account, method, params) => ask({ account, method, params }) };
}
