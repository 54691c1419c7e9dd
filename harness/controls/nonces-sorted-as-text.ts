import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';

/** "10" comes before "9". */
export const control: Control = {
  id: 'nonces-sorted-as-text',
  defect:
    'sends the lowest waiting nonce first and compares nonces as text: where digits grow, 10 precedes 9',
  origin: "string nonces and JavaScript's default sort",
  rule: 'nonce-increasing',
  setting: { users: 3, calls: 14 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  const outboxOf = perKey((_account: string): Outbox => ({ count: 0, waiting: new Map() }));
  return {
    call: (account, method, params) =>
      new Promise((resolve, reject) => {
        const outbox = outboxOf(account);
        const send = (nonce: string): Promise<void> =>
          wire.post({ account, method, params }, nonce).then(resolve, reject);
        outbox.waiting.set(String(++outbox.count), send);
        void lock(() => sendLowest(outbox));
      }),
  };
}

/** What one account has yet to send, by nonce. */
interface Outbox {
  count: number;
  readonly waiting: Map<string, (nonce: string) => Promise<void>>;
}

async function sendLowest({ waiting }: Outbox): Promise<void> {
  const [lowest = ''] = [...waiting.keys()].sort();
  const send = waiting.get(lowest);
  waiting.delete(lowest);
  await send?.(lowest);
}
