import type { AdmissionRule, JournalRecord } from '../../../mock-kraken/index.ts';
import type { LaneScope } from '../../../src/index.ts';
import { count } from '../../format.ts';

/** A call, and on which line of its trace it stands. */
export interface PlacedCall {
  readonly call: JournalRecord;
  /** Absent when it comes from no file. */
  readonly lineNumber?: number | undefined;
}

/** How often something happened, and where it happened first. */
class Sightings {
  #count = 0;
  #first = '';

  add({ call, lineNumber }: PlacedCall, ruleId: AdmissionRule): void {
    this.#count += 1;
    if (this.#count > 1) return;
    const place = lineNumber === undefined ? '' : `line ${lineNumber}, `;
    this.#first = `first ${place}#${call.seq}, ${ruleId}`;
  }

  note(explain: (calls: string, first: string) => string): readonly string[] {
    return this.#count === 0 ? [] : [explain(count(this.#count, 'time'), this.#first)];
  }
}

/**
 * Compares what the rules find with what the exchange wrote into each record. The two work from different facts
 * (an exchange may compare a nonce with the last it accepted, the rules do with all that arrived), so only these
 * disagreements mean something:
 * - the exchange named a rule that this call, by its own times and nonce, did not break: the record contradicts
 *   itself, and nothing that would have held may be concluded. In scope `key` an overlap is left out, unless the
 *   exchange is known to have run with a lane for each key: it may have run with one for all;
 * - the exchange accepted a call that broke a rule, and named none.
 */
export class CrossCheck {
  /** In scope `key`, an exchange with one lane for all calls more an overlap than the rules do. */
  readonly #mayNameMoreOverlaps: boolean;
  readonly #onlyExchange = new Sightings();
  readonly #onlyRules = new Sightings();

  /**
   * @param scope - of the verdict
   * @param recordedScope - of the exchange; `null` when it is not known
   */
  constructor(scope: LaneScope, recordedScope: LaneScope | null = null) {
    this.#mayNameMoreOverlaps = scope === 'key' && recordedScope !== 'key';
  }

  /**
   * Compares what both say of a call and one rule. Needed only where either says that the call broke it.
   * @param broken - what the rule says
   */
  compare(placed: PlacedCall, ruleId: AdmissionRule, broken: boolean): void {
    const { call } = placed;
    const named = call.violations.includes(ruleId);
    const isOtherScope = ruleId === 'no-overlap' && this.#mayNameMoreOverlaps;
    if (named && !broken && !isOtherScope) this.#onlyExchange.add(placed, ruleId);
    const accepted = call.outcome === 'accepted' && call.departedNs !== null;
    if (broken && !named && accepted) this.#onlyRules.add(placed, ruleId);
  }

  /** Why the history cannot be relied on, in sentences; empty when it agrees with itself. */
  defects(): readonly string[] {
    return this.#onlyExchange.note(
      (times, first) =>
        `The history names a broken rule ${times} where its own times and nonces show none (${first}): ` +
        'it contradicts itself.',
    );
  }

  notes(): readonly string[] {
    return this.#onlyRules.note(
      (times, first) =>
        `The exchange accepted what breaks a rule here, ${times} (${first}): it ran under other rules than this verdict.`,
    );
  }
}
