import { NonceproofError } from '../../src/index.ts';
import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { sleep, withTimeLimit } from './support/index.ts';
import { createWire, RefusedError } from './support/index.ts';

/** Far beyond any service time. */
const REPLY_TIMEOUT_MS = 1_000;
/** The lane is kept until the order has arrived, so that nothing else overlaps with it. */
const SETTLING_MS = 4_000;

/** The order is on its way while its cancel is answered, and nothing cancels it when it arrives. */
export const control: Control = {
  id: 'cancel-believed',
  defect:
    'cancels an order whose reply is lost, and takes the answer Unknown order for proof that it was never placed',
  origin: 'cancel on time-out, the usual clean-up of order managers; our own client until November 2026',
  rule: 'effect-once',
  also: { 'nonce-increasing': 'the order arrives after its cancel, whose nonce is higher' },
  setting: { users: 5, calls: 5, nonceWindowMs: 60_000, situations: ['arrives-late'] },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const nextNonce = clockNonces(world);
  let orders = 0;
  const cancel = (account: string, clOrdId: string): Promise<unknown> =>
    wire.post({ account, method: 'CancelOrder', params: { cl_ord_id: clOrdId } }, nextNonce());
  return {
    call: (account, method, params) =>
      lock(async () => {
        if (method !== 'AddOrder') return wire.post({ account, method, params }, nextNonce());
        orders += 1;
        const clOrdId = `order-${orders}`;
        const order = { account, method, params: { ...params, cl_ord_id: clOrdId } };
        const request = wire.sign(order, nextNonce());
        try {
          return await withTimeLimit(world, REPLY_TIMEOUT_MS, (signal) => wire.send({ ...request, signal }));
        } catch (error) {
          if (error instanceof RefusedError) throw error;
          const answer = await cancel(account, clOrdId).catch((refusal: unknown) => refusal);
          await sleep(world, SETTLING_MS);
          throw isUnknownOrder(answer) ? new NeverPlacedError() : error;
        }
      }),
  };
}

class NeverPlacedError extends NonceproofError {
  readonly outcome = 'not-executed';

  constructor() {
    super('never_placed', 'Failed to place an order: no reply came, and its cancel found no such order.');
  }
}

function isUnknownOrder(error: unknown): boolean {
  return error instanceof RefusedError && error.errors.includes('EOrder:Unknown order');
}
