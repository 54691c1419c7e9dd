import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import { held, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome } from './rule.ts';
import { arrivedAfter, callName, count, formatDuration } from '../../format.ts';

/**
 * At most one call is in service at any moment, per lane. A call is in service from its arrival up to, but not
 * including, its departure: one that arrives at the very nanosecond at which the one before departs does not
 * overlap it. A call that never departed is in service for ever.
 *
 * This is the sound rule of the two: nonces that rise although calls overlap rose by luck.
 *
 * A delivery that a middlebox repeated is none of the client's calls. When the client read the reply to that one, the
 * call was over for it at that moment (`repliedNs`), whatever the exchange was still at work on.
 *
 * In scope `key` the calls that have no key share a lane, as they do at the exchange.
 */
export const noOverlap: Rule = {
  id: 'no-overlap',
  holdsWhen: 'at most one call is in service at any moment, per lane',
  observe: ({ scope }) => (scope === 'global' ? new GlobalLane() : new KeyLanes()),
};

/** A call that arrived while another was in service. */
interface Overlap {
  readonly call: JournalRecord;
  readonly inService: JournalRecord;
}

/**
 * One lane. It remembers only the call that departs last: arrivals come in order, so a new call overlaps some
 * earlier one exactly when it overlaps that one.
 */
class Lane {
  #last: JournalRecord | null = null;
  #busyUntilNs = -Infinity;

  /** Takes the next arrival; returns the call it found in service, `null` if there was none. */
  enter(call: JournalRecord): JournalRecord | null {
    const inService = call.arrivedNs < this.#busyUntilNs ? this.#last : null;
    const untilNs = call.repliedNs ?? call.departedNs ?? Infinity;
    if (untilNs >= this.#busyUntilNs) {
      this.#busyUntilNs = untilNs;
      this.#last = call;
    }
    return inService;
  }
}

class OverlapLog {
  #violations = 0;
  #first: Overlap | null = null;

  add(call: JournalRecord, inService: JournalRecord): void {
    this.#violations += 1;
    this.#first ??= { call, inService };
  }

  outcome(): RuleOutcome | null {
    if (this.#first === null) return null;
    const { call, inService } = this.#first;
    return violated(this.#violations, [call.seq, inService.seq], explain(this.#first));
  }
}

class GlobalLane implements RuleObserver {
  readonly #lane = new Lane();
  readonly #log = new OverlapLog();
  #calls = 0;

  onCall(call: JournalRecord): boolean {
    if (call.duplicateOf !== undefined) return false;
    this.#calls += 1;
    const inService = this.#lane.enter(call);
    if (inService !== null) this.#log.add(call, inService);
    return inService !== null;
  }

  finish(): RuleOutcome {
    const outcome = this.#log.outcome();
    if (outcome !== null) return outcome;
    if (this.#calls < 2) return notApplicable('There were no two calls that could have overlapped.');
    return held(`at most 1 call in service, ${count(this.#calls, 'call')}`);
  }
}

class KeyLanes implements RuleObserver {
  /** By key index plus 1; the first is that of the calls without a key. */
  readonly #lanes: (Lane | undefined)[] = [];
  #laneCount = 0;
  readonly #log = new OverlapLog();
  #calls = 0;

  onCall(call: JournalRecord, { keyIndex }: CallFacts): boolean {
    if (call.duplicateOf !== undefined) return false;
    this.#calls += 1;
    const lane = this.#lanes[keyIndex + 1] ?? this.#open(keyIndex + 1);
    const inService = lane.enter(call);
    if (inService !== null) this.#log.add(call, inService);
    return inService !== null;
  }

  finish(): RuleOutcome {
    const outcome = this.#log.outcome();
    if (outcome !== null) return outcome;
    const lanes = this.#laneCount;
    if (this.#calls === lanes) return notApplicable('No lane had two calls that could have overlapped.');
    return held(
      `at most 1 call in service on each of ${count(lanes, 'lane')}, ${count(this.#calls, 'call')}`,
    );
  }

  #open(index: number): Lane {
    const lane = new Lane();
    this.#lanes[index] = lane;
    this.#laneCount += 1;
    return lane;
  }
}

function explain({ call, inService }: Overlap): string {
  const { departedNs } = inService;
  const end =
    departedNs === null
      ? 'that one was never answered'
      : `${formatDuration(departedNs - call.arrivedNs)} before that was answered`;
  return (
    `${callName(call)} (nonce ${call.nonce}) arrived ${arrivedAfter(call, inService)} (nonce ${inService.nonce}) ` +
    `and ${end} (#${call.seq}, #${inService.seq}).`
  );
}
