import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { counterNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Two counters, one key. */
export const control: Control = {
  id: 'two-instances',
  defect:
    'has one client for orders and one for account data, each with its own nonce counter on the same key',
  origin: 'two client instances with one API key; Kraken advises one key per process',
  rule: 'nonce-increasing',
  also: { 'nonce-reused': 'both counters may start at the same instant' },
  setting: { users: 5, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const lock = createMutex();
  const createInstance = (): TargetClient => {
    const wire = createWire(world);
    const nextNonce = counterNonces(world);
    return {
      call: (account, method, params) => lock(() => wire.post({ account, method, params }, nextNonce())),
    };
  };
  const orders = createInstance();
  const accountData = createInstance();
  return {
    call: (account, method, params) =>
      (method.endsWith('Order') ? orders : accountData).call(account, method, params),
  };
}
