/**
 * What an event reads or writes, as bits. Two events that share none commute: run in either order they lead to
 * the same state, so a search need not try both.
 */
export const TOUCHES = {
  /** Runs code of the client under exploration. One program, one memory: such events never commute. */
  client: 1,
  /** Runs the exchange, and nothing of the client's. */
  exchange: 2,
  /** Moves the clock, or the limit up to which it may move. */
  time: 4,
  /** Spends one of the faults that a schedule may contain. */
  faults: 8,
} as const;

/**
 * One event that may come next in a run: an I/O completion, a timer, an arrival, a reply, a fault.
 * Plain data, so that a search can remember an event of one run and recognise it in the next.
 */
export interface Operation {
  /** The same event has the same number in every run whose history up to then is equivalent. */
  readonly id: number;
  /** Two events with the same subject never commute. Negative: none. */
  readonly subject: number;
  /** Bits of {@link TOUCHES}. */
  readonly touches: number;
  /** Who acts: what PCT gives a priority to. A small whole number. */
  readonly actor: number;
  /** A fault: it never happens unless the schedule asks for it. */
  readonly isFault: boolean;
}

/** Whether the order of the two can matter. `true` when in doubt. */
export function areDependent(a: Operation, b: Operation): boolean {
  return (a.touches & b.touches) !== 0 || (a.subject === b.subject && a.subject >= 0);
}
