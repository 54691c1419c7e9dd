import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { SEPARATE_QUEUES } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { perKey } from './support/index.ts';
import { createWire } from './support/index.ts';

/** One file per account: each account is right, and all of them together are not. */
export const control: Control = {
  id: 'nonce-store',
  defect:
    'keeps a file with the last nonce, in milliseconds, per account: nothing orders accounts among each other',
  origin: "the seed design's first bug, its removed `NonceStore`",
  rule: 'no-overlap',
  also: {
    ...SEPARATE_QUEUES,
    'nonce-global-order': 'each account counts its own milliseconds, so two accounts draw the same ones',
  },
  setting: { users: 8, calls: 5 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const storeOf = perKey((_account: string) => createNonceStore(world));
  return {
    call: (account, method, params) =>
      storeOf(account).withNonce((nonce) => wire.post({ account, method, params }, nonce)),
  };
}

interface NonceStore {
  withNonce<T>(body: (nonce: bigint) => Promise<T>): Promise<T>;
}

/** Reads the file, uses the next nonce, writes the file; locked by the file's own lock. */
function createNonceStore(world: ClientWorld): NonceStore {
  const lock = createMutex();
  let file = 0n;
  return {
    withNonce: (body) =>
      lock(() => {
        const nowMs = world.clock.wallNs() / 1_000_000n;
        file = nowMs > file ? nowMs : file + 1n;
        return body(file);
      }),
  };
}
