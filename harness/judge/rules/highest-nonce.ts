import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { isGreaterNonce } from './nonce-text.ts';
import { nonceMoment } from './nonce-order.ts';
import { arrivedAfter, callName, formatDuration } from '../../format.ts';

/** A call whose nonce was not greater than one that arrived before it. */
export interface NonceInversion {
  readonly call: JournalRecord;
  readonly higher: JournalRecord;
}

/** The greatest nonce that has arrived, and the call that brought it. */
export class HighestNonce {
  #nonce: string;
  #call: JournalRecord;

  constructor(nonce: string, call: JournalRecord) {
    this.#nonce = nonce;
    this.#call = call;
  }

  /** Takes the next nonce; returns the call that brought an equal or higher one before, `null` if there is none. */
  admit(nonce: string, call: JournalRecord): JournalRecord | null {
    if (!isGreaterNonce(nonce, this.#nonce)) return this.#call;
    this.#nonce = nonce;
    this.#call = call;
    return null;
  }
}

/** The sentence for the first inversion. */
export function explainInversion({ call, higher }: NonceInversion): string {
  return (
    `${callName(call)} carried nonce ${call.nonce} and ${nonceAfter(call, higher)} ` +
    `with nonce ${higher.nonce}, which is not lower (#${call.seq}, #${higher.seq}).`
  );
}

/** The nonce arrives with the body; where that is another moment than the head's, the words say so. */
function nonceAfter(later: JournalRecord, earlier: JournalRecord): string {
  if (later.committedNs === undefined && earlier.committedNs === undefined)
    return `arrived ${arrivedAfter(later, earlier)}`;
  const apart = formatDuration(nonceMoment(later) - nonceMoment(earlier));
  return `its body arrived ${apart} after that of ${callName(earlier)}`;
}
