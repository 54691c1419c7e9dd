import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire, RefusedError } from './support/index.ts';

/** Every rule of nonces is kept: a rejected nonce was not executed, unless a middlebox had delivered it before. */
export const control: Control = {
  id: 'resend-on-invalid-nonce',
  defect: 'places an order again, with a fresh nonce, when its first delivery is answered Invalid nonce',
  origin: 'Kraken.Net signs and sends anew whatever was answered Invalid nonce; bit-trader#21, krakenex#66',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['delivered-twice'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  return {
    call: (account, method, params) =>
      lock(async () => {
        const send = (): Promise<unknown> => wire.post({ account, method, params }, nextNonce());
        return send().catch((error: unknown) => {
          if (isInvalidNonce(error)) return send();
          throw error;
        });
      }),
  };
}

function isInvalidNonce(error: unknown): boolean {
  return error instanceof RefusedError && error.errors.includes('EAPI:Invalid nonce');
}
