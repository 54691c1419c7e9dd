/**
 * What can go wrong in a simulated world, each at a moment of the schedule's choice.
 * - `timeout`: the exchange is slow with a call, and slow to answer: longer than clients wait.
 * - `abort`: the caller gives a call up through its signal.
 * - `lost-reply`: the connection breaks after the exchange has decided; the client learns nothing.
 * - `bad-gateway`: after the exchange has decided, a proxy answers in its place with HTTP 502 and a page of HTML.
 * - `refused`: the connection is refused; no byte of the call was sent.
 * - `reset`: the connection breaks while the exchange is at work on the call, which goes on all the same.
 * - `duplicate-first-reply`: a middlebox delivers the same bytes again; the client reads the first reply.
 * - `duplicate-second-reply`: the same, but the client reads the second reply, which is `EAPI:Invalid nonce`, at once:
 *   the exchange may still be at work on the first delivery.
 *
 * Tokens hold the places of kinds in this list: new ones go at its end.
 */
export const FAULT_KINDS = [
  'timeout',
  'abort',
  'lost-reply',
  'bad-gateway',
  'refused',
  'reset',
  'duplicate-first-reply',
  'duplicate-second-reply',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Which faults a schedule may contain, and how many in all. */
export interface FaultPlan {
  readonly kinds: readonly FaultKind[];
  readonly faultsMax: number;
}

/** The world on a sunny day. */
export const NO_FAULTS: FaultPlan = { kinds: [], faultsMax: 0 };
