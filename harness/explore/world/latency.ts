/**
 * How long things take at most, in virtual milliseconds. Within these limits anything may happen in any order:
 * a timer fires before a reply whenever the reply may take that long. Without limits every client that relies on
 * time at all would be convicted: there would be an exchange that is at work on a call for a year.
 */
export interface LatencyLimits {
  /** From sending to arrival. */
  readonly arrivalMsMax: number;
  /** From arrival to the decision. */
  readonly serviceMsMax: number;
  /** From the decision until the client has read the reply. */
  readonly replyMsMax: number;
  /** The same for a call that the fault `timeout` has hit: longer than clients wait. */
  readonly slowServiceMsMax: number;
  /** Such a reply may come long after nobody waits for it any more. */
  readonly slowReplyMsMax: number;
}

/**
 * A call is answered within seven seconds, so that the built-in client's ten do not pass without a fault. A slow
 * one is in service for at most fifteen, and its reply may take a minute.
 */
export const DEFAULT_LATENCY: LatencyLimits = {
  arrivalMsMax: 1_000,
  serviceMsMax: 5_000,
  replyMsMax: 1_000,
  slowServiceMsMax: 15_000,
  slowReplyMsMax: 60_000,
};
