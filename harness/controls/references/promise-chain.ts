import type { Reference } from '../control.ts';
import { clockNonces } from '../support/index.ts';
import { createWire } from '../support/index.ts';
import type { ClientWorld, TargetClient } from '../../run/targets/index.ts';

/** The smallest correct client. */
export const reference: Reference = {
  id: 'promise-chain',
  description: 'a promise chain that survives rejections; the nonce is drawn when the turn has come',
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  let tail: Promise<unknown> = Promise.resolve();
  return {
    call(account, method, params) {
      const mine = tail.then(() => wire.post({ account, method, params }, nextNonce()));
      tail = mine.catch(() => undefined);
      return mine;
    },
  };
}
