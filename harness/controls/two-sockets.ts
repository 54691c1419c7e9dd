import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { clockNonces } from './wire/nonces.ts';
import { createWire } from './wire/wire.ts';

const SOCKETS = 2;

/** Sent in order is not arrived in order. */
export const control: Control = {
  id: 'two-sockets',
  defect: 'sends rising nonces over a pool of two sockets without waiting for replies: they arrive swapped',
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
  const waiting: (() => void)[] = [];
  let free = SOCKETS;
  const socket = async (): Promise<void> => {
    if (free === 0) return new Promise((resolve) => void waiting.push(resolve));
    free -= 1;
  };
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async call(account, method, params) {
      await socket();
      return wire.post({ account, method, params }, nextNonce()).finally(giveBack);
    },
  };
}
