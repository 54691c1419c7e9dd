import { isGreaterNonce } from './nonce-text.ts';

/** Whether a nonce was seen before: the `seq` of the call that brought it, `no`, or `forgotten` when nobody knows. */
export type Seen = number | 'no' | 'forgotten';

/**
 * The nonces of one API key, for telling whether one comes again. Nonces that rise are kept in a sorted array
 * (one append a call, a binary search only for the rare nonce that does not rise); the others in a map.
 *
 * Memory is bounded by `nonceCountMax`. What is dropped is the lowest of the rising and the oldest of the
 * others. A later nonce that might have been among the dropped is answered with `forgotten`, never with `no`.
 */
export class SeenNonces {
  readonly #rising: string[] = [];
  /** The call that brought each. Two arrays of plain values cost less than one of pairs. */
  readonly #risingSeq: number[] = [];
  #highest = '';
  /** The greatest rising nonce that was dropped. */
  #droppedUpTo: string | null = null;
  readonly #others = new Map<string, number>();
  #droppedOthers = false;

  /** Remembers `nonce` and answers whether it was there before. */
  add(nonce: string, seq: number, nonceCountMax: number): Seen {
    if (isGreaterNonce(nonce, this.#highest)) {
      this.#highest = nonce;
      if (this.#rising.length >= nonceCountMax) this.#dropLowerHalf();
      this.#rising.push(nonce);
      this.#risingSeq.push(seq);
      return 'no';
    }
    const seen = this.#find(nonce);
    if (typeof seen !== 'number') this.#addOther(nonce, seq, nonceCountMax);
    return seen;
  }

  #dropLowerHalf(): void {
    const half = Math.ceil(this.#rising.length / 2);
    this.#droppedUpTo = this.#rising[half - 1] ?? null;
    this.#rising.splice(0, half);
    this.#risingSeq.splice(0, half);
  }

  #addOther(nonce: string, seq: number, nonceCountMax: number): void {
    this.#others.set(nonce, seq);
    if (this.#others.size <= nonceCountMax) return;
    for (const oldest of this.#others.keys()) {
      this.#others.delete(oldest);
      break;
    }
    this.#droppedOthers = true;
  }

  #find(nonce: string): Seen {
    const seq = this.#others.get(nonce) ?? this.#findRising(nonce);
    if (seq !== undefined) return seq;
    const mayBeDropped = this.#droppedUpTo !== null && !isGreaterNonce(nonce, this.#droppedUpTo);
    return mayBeDropped || this.#droppedOthers ? 'forgotten' : 'no';
  }

  #findRising(nonce: string): number | undefined {
    let low = 0;
    let high = this.#rising.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isGreaterNonce(nonce, this.#rising[middle] ?? '')) low = middle + 1;
      else high = middle;
    }
    return this.#rising[low] === nonce ? this.#risingSeq[low] : undefined;
  }
}
