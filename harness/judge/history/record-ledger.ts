import type { JournalRecord } from '../../../mock-kraken/index.ts';

/** How far back the first delivery of a call may be. */
const REMEMBERED_CALLS = 16_384;
/** How many keys are told apart, and how many calls may wait for their second delivery. */
const KEYS_MAX = 100_000;
const AWAITED_MAX = 10_000;

/** What is kept of a call, for its second delivery. */
type FirstDelivery = Pick<JournalRecord, 'seq' | 'key' | 'nonce' | 'method'>;

/** A line of a trace and what in it contradicts other lines. */
export interface ContradictingLine {
  readonly lineNumber: number;
  /** A clause. */
  readonly found: string;
}

/** Finds records that contradict records before them, in bounded memory. */
export class RecordLedger {
  readonly #accountOfKey = new Map<string, string>();
  readonly #recent: FirstDelivery[] = [];
  /** Line numbers of calls of which the client read another reply, until the delivery it belongs to has come. */
  readonly #awaited = new Map<number, number>();

  /** Takes the next record; returns what in it contradicts an earlier one, as a clause. */
  add(call: JournalRecord, lineNumber: number): string | null {
    const found = this.#ownerAgainst(call) ?? this.#firstDeliveryAgainst(call);
    const { seq, key, nonce, method } = call;
    this.#recent[seq % REMEMBERED_CALLS] = { seq, key, nonce, method };
    if (call.repliedNs !== undefined && this.#awaited.size < AWAITED_MAX) this.#awaited.set(seq, lineNumber);
    return found;
  }

  /** Called after the last record. */
  finish(): readonly ContradictingLine[] {
    return [...this.#awaited].map(([seq, lineNumber]) => ({
      lineNumber,
      found: `#${seq} has a repliedNs, and no record of a second delivery follows`,
    }));
  }

  #ownerAgainst({ key, account }: JournalRecord): string | null {
    if (key === null || account === null) return null;
    const owner = this.#accountOfKey.get(key);
    if (owner === undefined) {
      if (this.#accountOfKey.size < KEYS_MAX) this.#accountOfKey.set(key, account);
      return null;
    }
    return owner === account ? null : `its key was ${owner}'s before and is ${account}'s here`;
  }

  #firstDeliveryAgainst({ key, nonce, method, duplicateOf }: JournalRecord): string | null {
    if (duplicateOf === undefined) return null;
    this.#awaited.delete(duplicateOf);
    const first = this.#recent[duplicateOf % REMEMBERED_CALLS];
    if (first?.seq !== duplicateOf)
      return `it repeats #${duplicateOf}, which is not within the calls before it`;
    const isSame = first.key === key && first.nonce === nonce && first.method === method;
    return isSame ? null : `it repeats #${duplicateOf}, which had another key, nonce or method`;
  }
}
