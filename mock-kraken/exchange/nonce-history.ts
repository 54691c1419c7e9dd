import type { AdmissionRule } from './journal.ts';

/** How many nonces of a key are remembered. */
const REMEMBERED_NONCES_MAX = 1024;

/** The nonces of one API key: those it sent, and those that were accepted. */
export class NonceHistory {
  /** How far below the highest accepted nonce a nonce may be; 0n: it must be greater. */
  readonly window: bigint;
  /** Only ever grows: a rejected nonce changes nothing. Kraken docs, errors guide ("last accepted nonce"). */
  #highestAccepted: bigint | null = null;
  /** The highest nonce that was sent, accepted or not. */
  #highestSent: bigint | null = null;
  readonly #sent = new RecentNonces();
  readonly #accepted = new RecentNonces();

  constructor(window: bigint) {
    this.window = window;
  }

  /** The highest accepted nonce; `null` before the first. */
  get accepted(): bigint | null {
    return this.#highestAccepted;
  }

  /**
   * Without a window: whether a nonce is greater than the highest accepted one, and an equal one is not (Kraken
   * docs, errors guide). With a window: greater than that less the window (Kraken docs, create-key page of the
   * Fast API: "nonce amount to accept from highest nonce").
   */
  wouldAccept(nonce: bigint): boolean {
    return this.#highestAccepted === null || nonce > this.#highestAccepted - this.window;
  }

  /** Whether a nonce was accepted before; only the last 1,024 are remembered. */
  wasAccepted(nonce: bigint): boolean {
    return this.#accepted.has(nonce);
  }

  /** Accepts a nonce. */
  commit(nonce: bigint): void {
    if (this.#highestAccepted === null || nonce > this.#highestAccepted) this.#highestAccepted = nonce;
    this.#accepted.add(nonce);
  }

  /**
   * Takes note of a nonce that was sent and says which rules it breaks, whatever the exchange answers. A nonce
   * that is sent again after more than 1,024 others is only called too low here; the judge reads the whole history.
   */
  noteSent(nonce: bigint): readonly AdmissionRule[] {
    const broken: AdmissionRule[] = [];
    if (this.#highestSent !== null && nonce <= this.#highestSent) broken.push('nonce-increasing');
    if (this.#sent.has(nonce)) broken.push('nonce-reused');
    if (this.#highestSent === null || nonce > this.#highestSent) this.#highestSent = nonce;
    this.#sent.add(nonce);
    return broken;
  }
}

/** The last so many nonces; the oldest is forgotten first. */
class RecentNonces {
  readonly #nonces = new Set<bigint>();

  has(nonce: bigint): boolean {
    return this.#nonces.has(nonce);
  }

  add(nonce: bigint): void {
    this.#nonces.add(nonce);
    if (this.#nonces.size > REMEMBERED_NONCES_MAX) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const oldest of this.#nonces) {
      this.#nonces.delete(oldest);
      return;
    }
  }
}
