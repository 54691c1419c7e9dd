/**
 * One call as the client's side saw it: what was asked and what the caller was told. Written by the runner of
 * client modules (`client.ndjson`); a foreign command has none.
 */
export interface ClientCall {
  /** Unique in the run; sent along as the parameter `nonceproof_call` and found again in the journal as `tag`. */
  readonly tag: string;
  readonly account: string;
  readonly method: string;
  /** Milliseconds on the runner's monotonic clock: when the workload asked for the call. */
  readonly askedMs: number;
  /** When the caller was told; `null` when it never was. */
  readonly settledMs: number | null;
  readonly outcome: 'succeeded' | 'failed' | 'unsettled';
  /** The error's message when it failed. */
  readonly error: string | null;
  /** What the error said for certain of the call's effect, in `outcome`; absent when it said nothing. */
  readonly toldOutcome?: 'not-executed' | 'unknown' | undefined;
  /** Order ids in the result, when it had any. */
  readonly txids: readonly string[];
  /** `count` of the result, which of a cancel is how many orders it closed; absent when the result has none. */
  readonly toldCount?: number | undefined;
}
