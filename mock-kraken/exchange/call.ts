import type { ApiKey } from './api-key.ts';
import type { DraftRecord } from './draft-record.ts';
import type { Fault } from '../faults/index.ts';
import type { ExchangeReply } from '../exchange-reply.ts';
import type { ParsedBody } from './request-body.ts';
import type { RequestHead } from './request-head.ts';

/** Why a call is refused before it reaches its endpoint. */
export interface Rejection {
  /** One of `KRAKEN_ERRORS`. */
  readonly error: string;
  /** HTTP status; 200 unless the request could not be read at all. */
  readonly status: number;
}

/** What is known of a call when its head arrives. */
interface Arrival extends Pick<ExchangeCall, 'head' | 'record' | 'key' | 'fault'> {
  /** Absent for a call that takes no place in its lane. */
  readonly lane?: Pick<ExchangeCall, 'overlaps' | 'othersOfAccount'>;
  readonly duplicateOf?: ExchangeCall;
}

/**
 * One private call from the arrival of its head to its reply. Made by `Exchange.begin` and changed by the
 * exchange only; whoever serves it just hands it on.
 */
export class ExchangeCall {
  readonly head: RequestHead;
  readonly record: DraftRecord;
  /** `null` when the key is missing or unknown. */
  readonly key: ApiKey | null;
  /** Another call of the lane was in service when this one arrived. */
  readonly overlaps: boolean;
  /** How many other calls of the account were in service when this one arrived. */
  readonly othersOfAccount: number;
  /** What goes wrong with this call. */
  readonly fault: Fault | null;
  /** Whether it really did; known once the call has ended. */
  isStruck = false;
  /** The first delivery of the same bytes, when this is the second. */
  readonly duplicateOf: ExchangeCall | null;
  /** Whether it counts as in service in its lane. */
  isInLane: boolean;
  /** The body as sent; empty until it arrives. */
  bytes: string | Uint8Array = '';
  /** Set when the body has arrived and can be read. */
  body: ParsedBody | null = null;
  /** Set when the body holds exactly one well-formed nonce. */
  nonce: bigint | null = null;
  /** Set by the first check that the call does not pass. */
  rejection: Rejection | null = null;
  /** Ids that its answer tells of without containing them; known with the reply. */
  tellsOf: readonly string[] = [];
  /** `null` while the call is in service. */
  reply: ExchangeReply | null = null;

  constructor(arrival: Arrival) {
    this.head = arrival.head;
    this.record = arrival.record;
    this.key = arrival.key;
    this.isInLane = arrival.lane !== undefined;
    this.overlaps = arrival.lane?.overlaps ?? false;
    this.othersOfAccount = arrival.lane?.othersOfAccount ?? 0;
    this.fault = arrival.fault;
    this.duplicateOf = arrival.duplicateOf ?? null;
  }
}
