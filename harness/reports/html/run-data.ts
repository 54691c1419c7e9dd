/**
 * The calls of one run as the page of a report receives them: columns instead of records, for a hundred thousand
 * records would be five times as long and slow to read. Row n of every column is the n-th call to arrive.
 */
export interface RunData {
  readonly scope: 'global' | 'key';
  /** In the order of their rows. */
  readonly accounts: readonly string[];
  readonly methods: readonly string[];
  /** Index 0 is no error. */
  readonly errors: readonly string[];
  /** Index 0 is no fault. */
  readonly faults: readonly string[];
  /** Ids of the rules, in the order of the bits of `broken`. */
  readonly rules: readonly string[];
  readonly outcomes: readonly string[];
  /** Calls that the verdict names as a first violation: rule id to row numbers, the offending call first. */
  readonly first: Readonly<Record<string, readonly number[]>>;
  readonly columns: RunColumns;
}

/** One entry for each call. */
export interface RunColumns {
  readonly seq: readonly number[];
  readonly account: readonly number[];
  readonly method: readonly number[];
  /** Nanoseconds since the arrival before it; the first arrives at 0. */
  readonly arrivedAfter: readonly number[];
  /** Nanoseconds in service; -1 when it was never answered. */
  readonly service: readonly number[];
  /**
   * As a number: what to add to the last nonce told, which starts at 0. As a string: the nonce exactly as sent,
   * where it cannot be told that way. `null`: there was none that could be read.
   */
  readonly nonce: readonly (number | string | null)[];
  readonly outcome: readonly number[];
  readonly error: readonly number[];
  readonly fault: readonly number[];
  /** Bit n: the n-th of `rules` was broken. */
  readonly broken: readonly number[];
  /** Nanoseconds from asking to arrival, -1 where unknown; `null` when the client's side is not known at all. */
  readonly wait: readonly number[] | null;
}
