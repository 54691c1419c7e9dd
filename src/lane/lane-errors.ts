import { NonceproofError } from '../errors.ts';

/**
 * The lane was lost in the middle of a turn: whoever coordinates it could not be reached, or took this holder
 * for dead. No further nonce is drawn in this turn, and the lane is given to nobody before the settling time of
 * what was sent has passed.
 */
export class LaneLostError extends NonceproofError {
  constructor(observed: string, cause?: unknown) {
    super(
      'lane_lost',
      `Failed to go on in the lane: ${observed}. Nothing more is sent in this turn; call again.`,
      cause,
    );
  }
}
