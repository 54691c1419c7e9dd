import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sendAgainWhenLost, withoutTag } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Between the 2 s and the 60 s that Kraken allows (Kraken docs, AddOrder), with room for a slow service. */
const AHEAD_MS = 50_000;

/** A deadline keeps an order from being late. It does not take back the one that was in time. */
export const control: Control = {
  id: 'retry-order-fresh-deadline',
  defect: 'places an order again after a lost reply, with a fresh deadline, and takes that for safe',
  origin: 'the deadline is recommended for retries; clients renew it with each attempt',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const sender = { world, wire: createWire(world), nextNonce: clockNonces(world) };
  const lock = createMutex();
  const dated = <Params extends object>(order: Params): Params & { readonly deadline: string } => {
    const nowMs = Number(world.clock.wallNs() / 1_000_000n);
    return { ...order, deadline: new Date(nowMs + AHEAD_MS).toISOString() };
  };
  return {
    call: (account, method, params) =>
      lock(() => {
        if (method !== 'AddOrder') return sendAgainWhenLost(sender, { account, method, params });
        const again = withoutTag(params);
        return sendAgainWhenLost(sender, { account, method, params: dated(params) }, () => ({
          account,
          method,
          params: dated(again),
        }));
      }),
  };
}
