import type { ApiLock } from './api-lock.ts';
import type { Coordinator } from './coordinator.ts';
import type { NonceSource } from '../nonce/index.ts';

/** A coordinator whose lanes can be locked by hand: what the nonce manager of a process stands on. */
export interface LaneCoordinator extends Coordinator {
  /**
   * The lock of the lane that `laneKey` calls in; with scope `global` it is the same for every key. A turn taken
   * by it holds the whole lane, however far that reaches.
   */
  lock(laneKey: string): ApiLock;
  /** Draws nonces without a turn. Only where that needs nobody outside this process. */
  readonly nonces?: NonceSource | undefined;
}
