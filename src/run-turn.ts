import type { Turn } from './coordinator.ts';
import { NonceproofError } from './errors.ts';

/** A nonce was asked for by code that kept a turn after its end. */
export class TurnEndedError extends NonceproofError {
  constructor() {
    super(
      'turn_ended',
      'Failed to draw a nonce: the turn has ended. Draw it inside the function that the turn was given to; a nonce drawn outside can arrive after a later one.',
    );
  }
}

/**
 * Runs `body` with a turn that ends with it.
 * @param nonces - what the turn hands out while it lasts
 */
export async function runTurn<T>(nonces: Turn, body: (turn: Turn) => Promise<T>): Promise<T> {
  let ended = false;
  const drawNonce = (): bigint | Promise<bigint> => {
    if (ended) throw new TurnEndedError();
    return nonces.drawNonce();
  };
  const turn: Turn = { drawNonce, raiseFloor: (nonce) => nonces.raiseFloor(nonce) };
  if (nonces.maySend !== undefined) turn.maySend = () => !ended && nonces.maySend?.() === true;
  try {
    return await body(turn);
  } finally {
    ended = true;
  }
}
