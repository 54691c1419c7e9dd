import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';
import type { PrivateCall } from './support/index.ts';

/** The lane is kept, the nonces rise, and the exchange says no. */
export const control: Control = {
  id: 'signature-of-other-body',
  defect: 'signs the form-encoded order and sends it as JSON: the signature is of bytes that are never sent',
  origin: 'clients that moved orders to JSON and left the signing code where it was',
  rule: 'all-accepted',
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  const postJson = (call: PrivateCall, nonce: string): Promise<unknown> => {
    const request = wire.sign(call, nonce);
    const headers = { ...request.headers, 'content-type': 'application/json' };
    return wire.send({ ...request, headers, body: JSON.stringify({ nonce, ...call.params }) });
  };
  return {
    call: (account, method, params) =>
      lock(() => {
        const post = method === 'AddOrder' ? postJson : wire.post;
        return post({ account, method, params }, String(nextNonce()));
      }),
  };
}
