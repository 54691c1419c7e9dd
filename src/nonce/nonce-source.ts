import { NonceproofError } from '../errors.ts';
import type { Clock } from '../runtime.ts';

/** The smallest 19-digit number: 2001-09-09 in nanoseconds. A clock that reads less does not lower the nonce. */
export const NONCE_MIN = 1_000_000_000_000_000_000n;

/**
 * The largest nonce that is ever drawn: 2^63 - 1, the year 2262. Kraken's guide says "unsigned 64-bit", its
 * OpenAPI types say `int64` (Kraken docs, authentication guide and endpoint pages); this satisfies both.
 */
export const NONCE_MAX = 9_223_372_036_854_775_807n;

/** A clock, or a floor, that would push the nonce beyond {@link NONCE_MAX} and lock the API key for ever. */
export class NonceRangeError extends NonceproofError {
  /** The value that was refused. */
  readonly refused: bigint;

  constructor(refused: bigint) {
    super(
      'nonce_out_of_range',
      `Failed to draw a nonce: ${refused} is above ${NONCE_MAX}. Correct the clock; a nonce this high could never be undone, since Kraken accepts only greater ones afterwards.`,
    );
    this.refused = refused;
  }
}

/** Hands out nonces. */
export interface NonceSource {
  /**
   * A 19-digit nonce, greater than every nonce this source handed out before and than every floor it was given.
   * @throws {NonceRangeError} and hands out nothing, when the clock reads beyond the year 2262
   */
  next(): bigint;
  /** The next nonce will be greater than `nonce`. Lower floors than the present one change nothing. */
  raiseFloor(nonce: bigint): void;
}

/**
 * Nonces from the wall clock in nanoseconds, one more than the last wherever the clock has not moved past it:
 * strictly increasing under equal reads, steps back, and steps ahead and back.
 *
 * The wall clock, not the time since boot which the JavaScript sample in Kraken's authentication guide uses
 * (`process.hrtime.bigint()`): after a restart on a fresh host that sample goes backwards, and the key is dead
 * until its uptime catches up. Nothing is read from or written to disk.
 *
 * A clock that once jumped ahead and was set back leaves the nonce ahead: it then counts up by one until the
 * clock has caught up. After a restart that memory is gone; see the README on the high-water mark.
 */
export function createNonceSource(clock: Pick<Clock, 'wallNs'>): NonceSource {
  /** Every nonce handed out so far, and every floor, is at most this. */
  let highest = NONCE_MIN - 1n;
  return {
    next() {
      const now = clock.wallNs();
      const nonce = now > highest ? now : highest + 1n;
      if (nonce > NONCE_MAX) throw new NonceRangeError(nonce);
      highest = nonce;
      return nonce;
    },
    raiseFloor(nonce) {
      if (nonce >= NONCE_MAX) throw new NonceRangeError(nonce);
      if (nonce > highest) highest = nonce;
    },
  };
}
