import type { AdmissionRule } from './journal.ts';

/** How many of the last nonces of a key are remembered to notice one that is sent again. */
const REMEMBERED_NONCES_MAX = 1024;

/** The nonces of one API key: those it sent, and the last one that was accepted. */
export class NonceHistory {
  /** Only ever grows: a rejected nonce changes nothing. Kraken docs, errors guide ("last accepted nonce"). */
  #accepted: bigint | null = null;
  /** The highest nonce that was sent, accepted or not. */
  #highestSent: bigint | null = null;
  /** In the order of sending; the oldest is dropped first. */
  readonly #recent = new Set<bigint>();

  /** Greater than the last accepted one; an equal nonce is not. Kraken docs, errors guide. */
  wouldAccept(nonce: bigint): boolean {
    return this.#accepted === null || nonce > this.#accepted;
  }

  /** Makes `nonce` the last accepted one, unless a higher one is. */
  commit(nonce: bigint): void {
    if (this.wouldAccept(nonce)) this.#accepted = nonce;
  }

  /**
   * Takes note of a nonce that was sent and says which rules it breaks, whatever the exchange answers. A nonce
   * that is sent again after more than 1,024 others is only called too low here; the judge reads the whole history.
   */
  noteSent(nonce: bigint): readonly AdmissionRule[] {
    const broken: AdmissionRule[] = [];
    if (this.#highestSent !== null && nonce <= this.#highestSent) broken.push('nonce-increasing');
    if (this.#recent.has(nonce)) broken.push('nonce-reused');
    if (this.#highestSent === null || nonce > this.#highestSent) this.#highestSent = nonce;
    this.#remember(nonce);
    return broken;
  }

  #remember(nonce: bigint): void {
    this.#recent.add(nonce);
    if (this.#recent.size <= REMEMBERED_NONCES_MAX) return;
    for (const oldest of this.#recent) {
      this.#recent.delete(oldest);
      return;
    }
  }
}
