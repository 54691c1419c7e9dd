import type { Intent } from './intents.ts';
import type { Effect } from '../venue-interface.ts';

/** How a call ended, as the exchange sees it. */
export type Outcome = 'accepted' | 'rejected' | 'faulted';

/** Rules that the exchange itself notices while it admits a call; the judge recomputes them from the history. */
export type AdmissionRule = 'nonce-increasing' | 'nonce-reused' | 'nonce-exact' | 'no-overlap';

/**
 * One private call as the exchange saw it: a line of `trace.ndjson`. Never holds a secret, a signature or a
 * full API key.
 */
export interface JournalRecord {
  /** 1, 2, 3 … in arrival order. */
  readonly seq: number;
  /** `MASTER`, `USER_n`; `null` when the API key is missing or unknown. */
  readonly account: string | null;
  /** Fingerprint of the API key; `null` when the header is missing. */
  readonly key: string | null;
  /** `Balance`, `AddOrder`, … as in the path. */
  readonly method: string;
  /** Exactly as sent; `null` when there was none that could be read. */
  readonly nonce: string | null;
  /**
   * What a JSON parser with doubles makes of a nonce that was sent as a number; absent when that is the nonce itself,
   * or when it was sent as text.
   */
  readonly nonceParsed?: string | undefined;
  /** Nanoseconds since the exchange started: when the request's head arrived. */
  readonly arrivedNs: number;
  /**
   * Nanoseconds since the exchange started: when the body was complete, and with it the nonce. Absent when nothing
   * else happened at the exchange since `arrivedNs`, which is then the moment of the nonce as well.
   */
  readonly committedNs?: number | undefined;
  /** Nanoseconds since the exchange started: when the reply was decided; `null` while in service. */
  readonly departedNs: number | null;
  /**
   * Nanoseconds since the exchange started: when the reply was decided that the client read, if that was before
   * `departedNs`. It is then the reply to a second delivery, see `duplicateOf`: for the client the call is over, for
   * the exchange it is not. Absent otherwise.
   */
  readonly repliedNs?: number | undefined;
  readonly outcome: Outcome;
  /** The first error string of the reply, `null` when there was none. */
  readonly error: string | null;
  readonly violations: readonly AdmissionRule[];
  /** Which injected fault hit the call. */
  readonly fault: string | null;
  readonly effect: Effect | null;
  /**
   * The client's own name for what it wanted: the value of the parameter `nonceproof_call` (which the
   * harness's workload sends and Kraken would ignore, as it ignores every unknown parameter).
   */
  readonly tag: string | null;
  /** `cl_ord_id` of an order request. */
  readonly clientRef: string | null;
  /**
   * What the call asked to be changed, an entry for each order. Absent when its method changes nothing, when its body
   * could not be read, and from older recordings.
   */
  readonly intents?: readonly Intent[] | undefined;
  /**
   * Ids in the reply of what took effect before and had not reached the account in a whole reply by then. Present on
   * every query of orders, trades, ledgers and transfers, and wherever there is one; absent from older recordings.
   */
  readonly shows?: readonly string[] | undefined;
  /**
   * `true` when the reply did not reach the client whole, or said nothing of the call: it was lost or damaged, or the
   * client was gone. Absent otherwise, and from older recordings.
   */
  readonly replyLost?: boolean | undefined;
  /**
   * `seq` of the first delivery of the same bytes, when this record is of one that a middlebox repeated (`fault` says
   * so). It is none of the client's doing. Absent otherwise.
   */
  readonly duplicateOf?: number | undefined;
}
