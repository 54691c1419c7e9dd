import type { Turn } from './coordinator.ts';

/**
 * A place in the queue of a lane that reaches beyond this process or thread, and, once granted, the right to
 * call in it: nonces are drawn through it.
 */
export interface LaneGrant extends Turn {
  /**
   * Resolves when the whole lane is this pass's. Rejects when the lane is out of reach: whoever coordinates it
   * cannot be asked any more.
   */
  readonly granted: Promise<void>;
  /** Before the grant: gives the place up. After it: frees the lane. Never throws; again, it does nothing. */
  leave(): void;
}

/** The lane that several processes or threads share, seen from one of them. */
export interface LaneGate {
  /** Takes a place at once, in the order of the calls of this function. Never throws. */
  enqueue(label: string): LaneGrant;
}
