import { NonceproofError } from '../errors.ts';

/** A call in the order in which the calls of its account were asked for. */
export interface Place {
  /** From `Coordinator.takePlace`, and unique in the lane; lower ones were asked for earlier. */
  readonly number: number;
  /** It changes nothing, so the order of effects does not depend on it. */
  readonly onlyReads: boolean;
}

/** More calls of one API key wait outside the lane than the limit allows; this one was not sent. */
export class AccountQueueFullError extends NonceproofError {
  readonly queueLengthMax: number;

  constructor(queueLengthMax: number) {
    super(
      'account_queue_full',
      `Failed to queue a call: ${queueLengthMax} calls with this API key wait already, behind one that waits for a limit or a retry. Call less often, or raise accountQueueLengthMax.`,
    );
    this.queueLengthMax = queueLengthMax;
  }
}

/** The wait for an earlier call with the same API key was cancelled or took too long; nothing was sent. */
export class AccountWaitError extends NonceproofError {
  constructor() {
    super(
      'account_wait_ended',
      'Failed to start a call: an earlier one with this API key waits for a limit or a retry, and the wait for it was given up. Call less often, or wait longer.',
    );
  }
}

interface Member {
  readonly place: Place;
  /** Set while it waits for those before it. */
  proceed: (() => void) | undefined;
}

/**
 * The calls of one API key that left the lane, or were kept out of it, in the order of their places. A call joins
 * when it has to wait, and stays until it has ended, on either side of the lane.
 *
 * A member goes before every later call of the key, except that one that only reads lets pass what changes
 * something:
 *
 *     change, waits    <── behind it: every later call
 *     read, waits      <── behind it: later reads; a later change goes on
 *
 * So changes take effect in the order asked for, and a read shows every change asked for before it.
 */
export class AccountOrder {
  readonly #reads: Member[] = [];
  readonly #changes: Member[] = [];

  /** How many calls have joined and not ended. */
  get length(): number {
    return this.#reads.length + this.#changes.length;
  }

  /** Whether a member has to end before the call at `place` may be sent. */
  blocks(place: Place): boolean {
    const isEarlier = (member: Member | undefined): boolean =>
      member !== undefined && member.place.number < place.number;
    return isEarlier(this.#changes[0]) || (place.onlyReads && isEarlier(this.#reads[0]));
  }

  /** Makes later calls wait behind this one until it leaves. Does nothing for a member. */
  join(place: Place): void {
    const members = this.#membersLike(place);
    const before = members.findLastIndex((member) => member.place.number <= place.number);
    if (members[before]?.place.number === place.number) return;
    members.splice(before + 1, 0, { place, proceed: undefined });
  }

  /** Resolves when nothing goes before this member any more, or as soon as `signal` aborts. Never rejects. */
  async wait(place: Place, signal: AbortSignal): Promise<void> {
    if (!this.blocks(place) || signal.aborted) return;
    const member = this.#membersLike(place).find((candidate) => candidate.place.number === place.number);
    if (member === undefined) return;
    await new Promise<void>((resolve) => {
      const proceed = (): void => {
        signal.removeEventListener('abort', proceed);
        member.proceed = undefined;
        resolve();
      };
      member.proceed = proceed;
      signal.addEventListener('abort', proceed, { once: true });
    });
  }

  /** The call has ended: those behind it go on. Does nothing for a call that never joined. */
  leave(place: Place): void {
    const members = this.#membersLike(place);
    const index = members.findIndex((member) => member.place.number === place.number);
    if (index === -1) return;
    members.splice(index, 1);
    for (const first of [this.#changes[0], this.#reads[0]]) {
      if (first !== undefined && !this.blocks(first.place)) first.proceed?.();
    }
  }

  #membersLike(place: Place): Member[] {
    return place.onlyReads ? this.#reads : this.#changes;
  }
}
