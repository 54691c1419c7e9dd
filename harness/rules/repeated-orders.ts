import type { JournalRecord } from '../../mock-kraken/index.ts';
import { BoundedMap } from './bounded-map.ts';

/** How many different nameless orders are remembered; about 100 bytes each. */
const ORDER_COUNT_MAX = 1_000_000;

/** Calls whose answer tells what orders there are (Kraken docs, REST endpoints). */
const ASKS: ReadonlySet<string> = new Set(['ClosedOrders', 'OpenOrders', 'QueryOrders', 'TradesHistory']);

/** The one fault after the effect whose reply arrives whole. */
const ARRIVES_WHOLE = 'slow-drip';

/** An order like one before it, the reply to which was lost. */
export interface Repeat {
  /** `seq` of the one before. */
  readonly of: number;
  /** The account asked for its orders in between: it may have known, and meant a new order. */
  readonly hasAsked: boolean;
}

/**
 * Finds orders without a name (neither tag nor `cl_ord_id`) that are placed again after their reply was lost: same
 * account, same body but for the nonce. That two orders are equal means nothing by itself, a bot may well buy the
 * same amount every minute; it does when the client cannot know of the first.
 */
export class RepeatedOrders {
  /** The last effect of each order by account and body: its number if its reply was lost, else `null`. */
  readonly #lastLost = new BoundedMap<number | null>(ORDER_COUNT_MAX);
  readonly #lastAsked = new Map<string | null, number>();
  #lost = 0;

  /** Orders without a name whose reply was lost. */
  get lost(): number {
    return this.#lost;
  }

  /** Whether nothing was forgotten. */
  get complete(): boolean {
    return this.#lastLost.complete;
  }

  /** Takes the next call, whatever it is. */
  onCall(call: JournalRecord): Repeat | null {
    if (ASKS.has(call.method) && wasAnswered(call)) this.#lastAsked.set(call.account, call.seq);
    if (call.bodyDigest === undefined || call.effect === null) return null;
    const order = `${call.account ?? ''}\n${call.bodyDigest}`;
    const before = this.#lastLost.get(order) ?? null;
    const isLost = losesReply(call);
    if (isLost) this.#lost += 1;
    this.#lastLost.set(order, isLost ? call.seq : null);
    if (before === null) return null;
    return { of: before, hasAsked: (this.#lastAsked.get(call.account) ?? 0) > before };
  }
}

function wasAnswered({ outcome, departedNs }: JournalRecord): boolean {
  return outcome === 'accepted' && departedNs !== null;
}

function losesReply({ outcome, fault }: JournalRecord): boolean {
  return outcome === 'faulted' && fault !== ARRIVES_WHOLE;
}
