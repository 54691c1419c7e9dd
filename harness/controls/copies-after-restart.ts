import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

/** The orders are on the exchange, the note that they were copied is not on any disk. */
export const control: Control = {
  id: 'copies-after-restart',
  defect: "copies MASTER's orders to a follower, notes that in memory, and copies them again after a restart",
  origin: 'copiers that catch up on start and are killed between an order and its note',
  rule: 'effect-once',
  setting: { users: 3, calls: 4, situations: ['restart'] },
};

interface Closed {
  readonly closed: Readonly<
    Record<string, { readonly descr: Readonly<Record<string, string>>; readonly vol: string }>
  >;
}

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = restartSafeNonces(world);
  const follower = world.accounts.at(-1)?.account ?? 'MASTER';
  const copied = new Set<string>();
  const copyOrders = async (): Promise<void> => {
    const asked = { account: 'MASTER', method: 'ClosedOrders', params: {} };
    const { closed } = (await wire.post(asked, nextNonce())) as Closed;
    for (const [txid, { descr, vol }] of Object.entries(closed)) {
      if (descr['ordertype'] !== 'market' || copied.has(txid)) continue;
      const { pair, type, ordertype } = descr;
      // A name that is free again as soon as the order is executed.
      const params = { pair, type, ordertype, volume: vol, cl_ord_id: txid.replaceAll('-', '') };
      await wire.post({ account: follower, method: 'AddOrder', params }, nextNonce());
      copied.add(txid);
    }
  };
  return {
    call: (account, method, params) =>
      lock(async () => {
        const reply = await wire.post({ account, method, params }, nextNonce());
        if (account === 'MASTER') await copyOrders();
        return reply;
      }),
  };
}

/** Above every nonce of this decade. */
const BASE_NS = 2_000_000_000_000_000_000n;

/** The wall clock is set back by the restart, and nonces are not what is wrong here: this clock goes on. */
function restartSafeNonces(world: ClientWorld): () => bigint {
  let last = 0n;
  return () => {
    const now = BASE_NS + BigInt(Math.floor(world.clock.monotonicMs() * 1e6));
    last = now > last ? now : last + 1n;
    return last;
  };
}
