import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sendAgainWhenLost } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Orders are safe with it; what it earned with them leaves twice. */
export const control: Control = {
  id: 'retry-withdrawal',
  defect: 'withdraws a part after each order, and again after a lost reply, without asking WithdrawStatus',
  origin: 'one retry helper for orders and money alike',
  rule: 'effect-once',
  setting: { users: 5, calls: 5, situations: ['reply-lost'] },
};

const PART = { asset: 'XBT', key: 'cold wallet', amount: '0.001' };

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const sender = { world, wire, nextNonce };
  const lock = createMutex();
  return {
    call: (account, method, params) =>
      lock(async () => {
        const reply = await wire.post({ account, method, params }, nextNonce());
        if (method === 'AddOrder')
          await sendAgainWhenLost(sender, { account, method: 'Withdraw', params: PART });
        return reply;
      }),
  };
}
