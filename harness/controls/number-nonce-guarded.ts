import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

/** The distance of neighbouring doubles between 2^60 and 2^61. */
const ULP = 256;

/** Rises, is accepted, and is still not the number that was meant: Kraken takes it, so only a strict judge convicts. */
export const control: Control = {
  id: 'number-nonce-guarded',
  defect: 'keeps nanoseconds in a Number and steps by 256 to stay increasing: the digits that count are lost',
  origin: "a workaround for number-nonce's duplicates",
  rule: 'nonce-exact',
  setting: { users: 5, calls: 6, strict: true },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  let last = 0;
  const nextNonce = (): number => (last = Math.max(last + ULP, Number(world.clock.wallNs())));
  return {
    call: (account, method, params) =>
      lock(() => wire.post({ account, method, params }, BigInt(nextNonce()))),
  };
}
