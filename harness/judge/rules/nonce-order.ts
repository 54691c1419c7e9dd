import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { RuleId } from '../history/index.ts';

/** Rules that read a history in the order in which the nonces arrived, not the heads of their requests. */
export const RULES_IN_NONCE_ORDER: ReadonlySet<RuleId> = new Set<RuleId>([
  'nonce-increasing',
  'nonce-global-order',
  'nonce-reused',
]);

/**
 * Returns when a call's nonce arrived: with its body, which can be after the head, and then the body, of a later
 * call. Only calls that are in service together can change places by this, so a history without overlaps has one
 * order.
 */
export function nonceMoment({ committedNs, arrivedNs }: JournalRecord): number {
  return committedNs ?? arrivedNs;
}

/** Returns the positions of `calls`, which are in arrival order, in the order of their nonces. */
export function inNonceOrder(calls: readonly JournalRecord[]): readonly number[] {
  const moments = calls.map(nonceMoment);
  return [...calls.keys()].toSorted((a, b) => (moments[a] ?? 0) - (moments[b] ?? 0));
}

interface Waiting<T> {
  readonly momentNs: number;
  readonly item: T;
}

/**
 * Puts a history that comes in arrival order into the order of its nonces, while it is read. It holds back only
 * calls whose body came after the latest head: as many as are in service together.
 */
export class NonceOrder<T> {
  readonly #emit: (item: T) => void;
  /** By moment, earliest first. */
  readonly #waiting: Waiting<T>[] = [];

  constructor(emit: (item: T) => void) {
    this.#emit = emit;
  }

  push(call: JournalRecord, item: T): void {
    // No later call's nonce can come before this call's head.
    this.#release(call.arrivedNs);
    if (call.committedNs === undefined) this.#emit(item);
    else this.#hold({ momentNs: call.committedNs, item });
  }

  /** Emits what is held back. No call may follow that arrived before one of these. */
  flush(): void {
    this.#release(Infinity);
  }

  #release(untilNs: number): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.momentNs > untilNs) return;
      this.#waiting.shift();
      this.#emit(first.item);
    }
  }

  #hold(waiting: Waiting<T>): void {
    const at = this.#waiting.findIndex(({ momentNs }) => momentNs > waiting.momentNs);
    if (at < 0) this.#waiting.push(waiting);
    else this.#waiting.splice(at, 0, waiting);
  }
}
