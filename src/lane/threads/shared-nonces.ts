import { NONCE_MAX, NonceRangeError } from '../../nonce/index.ts';
import type { NonceSource } from '../../nonce/index.ts';
import type { Clock } from '../../runtime.ts';
import type { LaneMemory } from './lane-memory.ts';

/**
 * One source of nonces for all threads: each reads its own clock, and the shared memory makes them rise. The
 * rules are those of `createNonceSource`.
 */
export function createSharedNonces(memory: LaneMemory, clock: Pick<Clock, 'wallNs'>): NonceSource {
  return {
    next: () =>
      memory.raiseNonce((highest) => {
        const now = clock.wallNs();
        const nonce = now > highest ? now : highest + 1n;
        if (nonce > NONCE_MAX) throw new NonceRangeError(nonce);
        return nonce;
      }),
    raiseFloor(nonce) {
      if (nonce >= NONCE_MAX) throw new NonceRangeError(nonce);
      memory.raiseNonce(() => nonce);
    },
  };
}
