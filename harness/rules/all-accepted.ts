import type { JournalRecord } from '../../mock-kraken/index.ts';
import { held, inconclusive, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome } from './rule.ts';
import { callNameWithSeq, count } from './words.ts';

/**
 * The exchange rejected nothing except by an injected fault. A rejection of which the record names a fault is the
 * fault's doing, whatever its outcome says. A call that is still in service has been neither rejected nor accepted.
 */
export const allAccepted: Rule = {
  id: 'all-accepted',
  holdsWhen: 'the exchange rejected nothing except by an injected fault',
  observe: () => new AllAccepted(),
};

class AllAccepted implements RuleObserver {
  #accepted = 0;
  #faulted = 0;
  #rejected = 0;
  #first: JournalRecord | null = null;

  onCall(call: JournalRecord): boolean {
    if (call.outcome === 'accepted') {
      if (call.departedNs !== null) this.#accepted += 1;
      return false;
    }
    if (call.outcome === 'faulted' || call.fault !== null) {
      this.#faulted += 1;
      return false;
    }
    this.#rejected += 1;
    this.#first ??= call;
    return true;
  }

  finish(): RuleOutcome {
    if (this.#first !== null) return violated(this.#rejected, [this.#first.seq], explain(this.#first));
    if (this.#accepted === 0) return inconclusive('The exchange accepted no call at all.');
    const faulted = this.#faulted === 0 ? '' : `, ${count(this.#faulted, 'other')} hit by a fault`;
    return held(`${count(this.#accepted, 'call')} accepted, none rejected${faulted}`);
  }
}

function explain(call: JournalRecord): string {
  const error = call.error ?? 'an error that was not recorded';
  const broken = call.violations.length === 0 ? '' : `; it broke ${call.violations.join(' and ')}`;
  return `${callNameWithSeq(call)} with nonce ${call.nonce} was rejected: ${error}${broken}.`;
}
