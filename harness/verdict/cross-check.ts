import type { AdmissionRule, JournalRecord } from '../../mock-kraken/index.ts';
import type { LaneScope } from '../../src/index.ts';
import { count } from '../rules/words.ts';

/** How often something happened, and where it happened first. */
class Sightings {
  #count = 0;
  #first = '';

  add(call: JournalRecord, ruleId: AdmissionRule): void {
    this.#count += 1;
    if (this.#count === 1) this.#first = `first #${call.seq}, ${ruleId}`;
  }

  note(explain: (calls: string, first: string) => string): readonly string[] {
    return this.#count === 0 ? [] : [explain(count(this.#count, 'time'), this.#first)];
  }
}

/**
 * Compares what the rules find with what the exchange wrote into each record. The two work from different facts
 * (an exchange may compare a nonce with the last it accepted, the rules do with all that arrived), so only these
 * disagreements mean something:
 * - the exchange named a rule that this call, by its own times and nonce, did not break. In scope `key` an
 *   overlap is left out: the exchange may have run with one lane for all;
 * - the exchange accepted a call that broke a rule, and named none.
 */
export class CrossCheck {
  readonly #scope: LaneScope;
  readonly #onlyExchange = new Sightings();
  readonly #onlyRules = new Sightings();

  constructor(scope: LaneScope) {
    this.#scope = scope;
  }

  /**
   * Compares what both say of a call and one rule. Needed only where either says that the call broke it.
   * @param broken - what the rule says
   */
  compare(call: JournalRecord, ruleId: AdmissionRule, broken: boolean): void {
    const named = call.violations.includes(ruleId);
    const otherScope = ruleId === 'no-overlap' && this.#scope === 'key';
    if (named && !broken && !otherScope) this.#onlyExchange.add(call, ruleId);
    const accepted = call.outcome === 'accepted' && call.departedNs !== null;
    if (broken && !named && accepted) this.#onlyRules.add(call, ruleId);
  }

  notes(): readonly string[] {
    return [
      ...this.#onlyExchange.note(
        (times, first) =>
          `The history names a broken rule ${times} where its own times and nonces show none (${first}). ` +
          'The verdict goes by times and nonces.',
      ),
      ...this.#onlyRules.note(
        (times, first) =>
          `The exchange accepted what breaks a rule here, ${times} (${first}): it ran under other rules than this verdict.`,
      ),
    ];
  }
}
