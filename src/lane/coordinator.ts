/** Where calls go one at a time: one lane for all accounts, or one lane per API key. */
export type LaneScope = 'global' | 'key';

/** How to wait for a turn. */
export interface TurnOptions {
  /** Gives up waiting. Once the turn has begun it has no effect: the lane is never freed from outside. */
  readonly signal?: AbortSignal | undefined;
  /** Gives up waiting after so many milliseconds. Default: waits for ever. */
  readonly waitTimeoutMs?: number | undefined;
  /**
   * Where to queue, from {@link Coordinator.takePlace}: before every turn that waits with a later place. Default:
   * behind all. A place may be used again when its turn has ended.
   */
  readonly place?: number | undefined;
  /** Shown by `holder()` and `waiting()`. Default `anonymous`. Never put a secret here. */
  readonly label?: string | undefined;
}

/** The right to call, for as long as the turn's function runs. */
export interface Turn {
  /** A nonce greater than every nonce drawn before it, in any turn of this coordinator. */
  drawNonce(): bigint | Promise<bigint>;
  /**
   * Whether a call with the nonce that was drawn last may still be sent. Asked right before its first byte leaves:
   * a process can be stopped at any moment, and go on when its turn was given to others long ago. Absent: for as
   * long as the turn lasts.
   */
  shouldSend?(): boolean;
  /** Every nonce drawn from now on is greater than `nonce`: the exchange has told that it saw a higher one. */
  raiseFloor(nonce: bigint): void | Promise<void>;
}

/**
 * Who may call next, and with which nonce. The one thing behind the nonce manager; there is an
 * implementation for one process, for worker threads and for several hosts, and one conformance suite.
 * Nonces are drawn inside a turn and nowhere else: a nonce drawn before the lane was entered can arrive
 * after a later one.
 */
export interface Coordinator {
  readonly scope: LaneScope;
  /**
   * Takes a place in the lane's order, with which a call can leave the lane while it only waits and come back ahead
   * of those that were asked for later. Returns `undefined` to code that runs inside a turn of the lane: leaving
   * an inner turn would not free the lane. Absent: calls keep their turn while they wait.
   */
  takePlace?(laneKey: string): number | undefined;
  /**
   * Waits for the lane, runs `body` in it, and leaves when `body` and every turn begun inside it have ended.
   * @param laneKey - names the lane when the scope is `key` (an API key's fingerprint); ignored otherwise
   */
  turn<T>(laneKey: string, body: (turn: Turn) => Promise<T>, options?: TurnOptions): Promise<T>;
}
