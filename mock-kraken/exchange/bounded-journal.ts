import type { DraftRecord } from './draft-record.ts';
import type { JournalRecord } from './journal.ts';

/** What share of the journal is let go when it is full: letting go one at a time would move all the others. */
const SHARE_LET_GO = 4;

/**
 * How many times `recordsMax` the journal may become when nearly every record speaks against somebody. A client that is
 * only ever refused must not fill the memory either.
 */
const LENGTH_FACTOR_MAX = 2;

/** How a journal is kept. */
export interface JournalOptions {
  /** How many records are kept. */
  readonly recordsMax: number;
  /** Told of each record once it is final, in the order of arrival. */
  readonly onRecord: ((record: JournalRecord) => void) | null;
}

/**
 * The journal in bounded memory. When it is full, the oldest quarter is let go, except for every record that
 * speaks against somebody (a violation, a rejection, a fault) and every one that is still being written or told
 * of. Those stay until there are twice as many records as the journal should hold; then the oldest quarter of them is
 * let go as well.
 *
 * Invariant: `records` is in order of `seq`, and `dropped` of the records with a lower `seq` than the last are not
 * in it.
 */
export class BoundedJournal {
  /** Always the same array: whoever holds it sees it live. */
  readonly records: DraftRecord[] = [];
  readonly #recordsMax: number;
  readonly #onRecord: ((record: JournalRecord) => void) | null;
  /** Those that `onRecord` has not been told of, in order; empty without it. */
  readonly #untold = new Set<DraftRecord>();
  #count = 0;
  /** How long the journal may become before the next look at what can go. */
  #lengthMax: number;

  constructor({ recordsMax, onRecord }: JournalOptions) {
    this.#recordsMax = recordsMax;
    this.#lengthMax = recordsMax;
    this.#onRecord = onRecord;
  }

  /** How many records were ever added. */
  get count(): number {
    return this.#count;
  }

  /** How many were let go. */
  get dropped(): number {
    return this.#count - this.records.length;
  }

  add(record: DraftRecord): void {
    if (this.records.length >= this.#lengthMax) this.#letGo();
    this.records.push(record);
    this.#count += 1;
    if (this.#onRecord !== null) this.#untold.add(record);
  }

  /** A record has become final. It is told of once all before it are, too. */
  conclude(): void {
    for (const record of this.#untold) {
      if (record.departedNs === null) return;
      this.#untold.delete(record);
      this.#onRecord?.(record);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.records.length = 0;
    this.#untold.clear();
    this.#count = 0;
    this.#lengthMax = this.#recordsMax;
  }

  #letGo(): void {
    const share = Math.max(1, Math.floor(this.#recordsMax / SHARE_LET_GO));
    const surplus = share - this.#drop(share, (record) => isClean(record) && this.#isOver(record));
    if (this.records.length >= LENGTH_FACTOR_MAX * this.#recordsMax)
      this.#drop(share, (record) => this.#isOver(record));
    // When little could go, the next look waits: looking each time would take longer and longer.
    this.#lengthMax = Math.max(this.#recordsMax, this.records.length + surplus);
  }

  /** Lets go the oldest records that may go, and moves the others to the front of the same array. Returns how many went. */
  #drop(countMax: number, mayGo: (record: DraftRecord) => boolean): number {
    let kept = 0;
    let dropped = 0;
    for (const record of this.records) {
      if (dropped < countMax && mayGo(record)) dropped += 1;
      else this.records[kept++] = record;
    }
    this.records.length = kept;
    return dropped;
  }

  #isOver(record: DraftRecord): boolean {
    return record.departedNs !== null && !this.#untold.has(record);
  }
}

function isClean({ outcome, violations, fault }: DraftRecord): boolean {
  return outcome === 'accepted' && violations.length === 0 && fault === null;
}
