import type { HeldTurn } from './api-lock.ts';
import type { Turn } from './coordinator.ts';
import { NonceproofError } from '../errors.ts';

/** A nonce was asked for by code that kept a turn after its end. */
export class TurnEndedError extends NonceproofError {
  constructor() {
    super(
      'turn_ended',
      'Failed to draw a nonce: the turn has ended. Draw it inside the function that the turn was given to; a nonce drawn outside can arrive after a later one.',
    );
  }
}

/** A turn that ends with the function it was given to, whoever keeps it. */
export class ScopedTurn implements Turn {
  readonly #nonces: Turn;
  readonly #held: HeldTurn;
  readonly shouldSend?: () => boolean;

  /**
   * @param nonces - what the turn hands out while it lasts
   * @param held - the lock's word on whether it lasts
   */
  constructor(nonces: Turn, held: HeldTurn) {
    this.#nonces = nonces;
    this.#held = held;
    if (nonces.shouldSend !== undefined)
      this.shouldSend = () => held.isOpen && nonces.shouldSend?.() === true;
  }

  /** @throws {TurnEndedError} when it has ended */
  drawNonce(): bigint | Promise<bigint> {
    if (!this.#held.isOpen) throw new TurnEndedError();
    return this.#nonces.drawNonce();
  }

  raiseFloor(nonce: bigint): void | Promise<void> {
    return this.#nonces.raiseFloor(nonce);
  }
}
