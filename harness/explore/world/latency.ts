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
  /** The service of a call that the fault `timeout` has hit. */
  readonly slowServiceMsMax: number;
  /** The reply to such a call: it may come long after nobody waits for it any more. */
  readonly slowReplyMsMax: number;
}

/**
 * A call is answered within three seconds, so that a client that waits for ten never loses patience without a
 * fault. A slow call is decided at most eight and a half seconds after it was sent, and its reply may take a
 * minute: by then the client has long given up. Ten seconds after that it may rely on the exchange being done.
 */
export const DEFAULT_LATENCY: LatencyLimits = {
  arrivalMsMax: 500,
  serviceMsMax: 2_000,
  replyMsMax: 500,
  slowServiceMsMax: 8_000,
  slowReplyMsMax: 60_000,
};
