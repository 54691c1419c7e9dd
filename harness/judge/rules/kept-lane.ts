import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { count } from '../../format.ts';

/**
 * A lane that is empty for longer, while calls wait, was kept. Kraken's limits pay for a call in one second or more
 * (Kraken docs, rate limits); a client that sends again at once stays far below.
 */
const KEPT_MS_MIN = 1_000;
const MS_NS = 1_000_000;

/** What Kraken answers at a limit (Kraken docs, errors guide and rate limits). */
const LIMIT = /rate limit exceeded|too many requests|throttled/i;

/** A time in which nothing was in service, between a refusal for a limit and the same call sent again. */
export interface KeptLane {
  readonly refused: JournalRecord;
  readonly again: JournalRecord;
  /** When the lane became empty. */
  readonly sinceNs: number;
}

/** Finds the times for which a lane was kept. Reads the calls of one lane in arrival order. */
export class KeptLaneFinder {
  readonly found: KeptLane[] = [];
  #previous: JournalRecord | null = null;
  #busyUntilNs = 0;

  onCall(call: JournalRecord): void {
    const refused = this.#previous;
    const isAgain = refused !== null && refused.tag !== null && refused.tag === call.tag;
    const emptyMs = (call.arrivedNs - this.#busyUntilNs) / MS_NS;
    if (isAgain && LIMIT.test(refused.error ?? '') && emptyMs >= KEPT_MS_MIN) {
      this.found.push({ refused, again: call, sinceNs: this.#busyUntilNs });
    }
    this.#previous = call;
    this.#busyUntilNs = Math.max(this.#busyUntilNs, call.departedNs ?? Infinity);
  }
}

/** A call that waited while the lane was kept for one of another account. */
export interface HeldUp {
  readonly kept: KeptLane;
  readonly waiting: ClientCall;
  readonly waitedMs: number;
}

/**
 * The calls that a kept lane held up for the whole of {@link KEPT_MS_MIN}.
 *
 * The clocks of client and exchange differ by an unknown time. No call arrives before it was asked for, so the least
 * difference between the two over all calls bounds it: a call was asked for no later than said here.
 * @param arrivedNs - when the call of a tag first arrived; `null`: never
 */
export function heldUpBy(
  kept: readonly KeptLane[],
  calls: readonly ClientCall[],
  arrivedNs: (tag: string) => number | null,
): readonly HeldUp[] {
  if (kept.length === 0) return [];
  const offsetNs = calls.reduce(
    (least, { askedMs, tag }) => Math.min(least, (arrivedNs(tag) ?? Infinity) - askedMs * MS_NS),
    Infinity,
  );
  return kept.flatMap((lane) =>
    calls.flatMap((waiting) => {
      const { again, refused, sinceNs } = lane;
      const arrived = arrivedNs(waiting.tag) ?? (waiting.outcome === 'unsettled' ? Infinity : 0);
      const waitedFromNs = Math.max(sinceNs, waiting.askedMs * MS_NS + offsetNs);
      const waitedMs = (again.arrivedNs - waitedFromNs) / MS_NS;
      const isOther = waiting.account !== refused.account;
      return isOther && arrived > again.arrivedNs && waitedMs >= KEPT_MS_MIN
        ? [{ kept: lane, waiting, waitedMs }]
        : [];
    }),
  );
}

/** Says which call waited, for how long, and for whom the lane was kept. */
export function explainHeldUp({ kept, waiting, waitedMs }: HeldUp): string {
  const { again, refused } = kept;
  const calls = `${refused.account ?? 'an account'}'s ${refused.method} (#${refused.seq}), which was refused with ${refused.error}`;
  return `${waiting.account}'s ${waiting.method} waited ${count(Math.floor(waitedMs), 'millisecond')} while nothing was in service: the lane was kept for ${calls} and sent again as #${again.seq}.`;
}
