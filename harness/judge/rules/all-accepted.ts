import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { held, inconclusive, violated } from './outcome.ts';
import { rejectionOf } from './rejection.ts';
import type { Rule, RuleContext, RuleObserver, RuleOutcome } from './rule.ts';
import { callNameWithSeq, count } from '../../format.ts';

/**
 * The exchange rejected nothing for the way it was called, except by an injected fault: key, signature, nonce,
 * overlap, permission, limits, form of the request. What a request asks for (a volume below the minimum, funds that
 * are not there) is the client's business: it is counted, and judged only when the run is judged strictly. The two are
 * told apart by the table in `mock-kraken/exchange/refusal-columns.ts`.
 *
 * A rejection of which the record names a fault is the fault's doing, whatever its outcome says. A call that is still
 * in service has been neither rejected nor accepted. A call refused for what it asked for is evidence: it was admitted,
 * and its nonce was used up.
 */
export const allAccepted: Rule = {
  id: 'all-accepted',
  holdsWhen: 'the exchange rejected nothing for the way it was called, except by an injected fault',
  observe: (context) => new AllAccepted(context),
};

class AllAccepted implements RuleObserver {
  readonly #isStrict: boolean;
  #accepted = 0;
  #faulted = 0;
  /** For what they asked for; 0 when judged strictly, which counts them as rejected. */
  #refused = 0;
  #rejected = 0;
  #first: JournalRecord | null = null;
  #firstRefused: JournalRecord | null = null;

  constructor({ strict = false }: RuleContext) {
    this.#isStrict = strict;
  }

  onCall(call: JournalRecord): boolean {
    if (call.outcome === 'accepted') {
      if (call.departedNs !== null) this.#accepted += 1;
      return false;
    }
    const column = rejectionOf(call);
    if (column === null) {
      this.#faulted += 1;
      return false;
    }
    if (column === 'content' && !this.#isStrict) {
      this.#refused += 1;
      this.#firstRefused ??= call;
      return false;
    }
    this.#rejected += 1;
    this.#first ??= call;
    return true;
  }

  finish(): RuleOutcome {
    if (this.#first !== null) return violated(this.#rejected, [this.#first.seq], explain(this.#first));
    if (this.#accepted > 0) return held(this.#explainHeld());
    if (this.#firstRefused === null) return inconclusive('The exchange accepted no call at all.');
    return held(
      `${count(this.#refused, 'call')} in order, and each refused for what it asked for: no effect was put to the test ` +
        `(first ${callNameWithSeq(this.#firstRefused)}: ${this.#firstRefused.error})`,
    );
  }

  #explainHeld(): string {
    const refused =
      this.#refused === 0
        ? ''
        : ` for the way it was called, ${this.#refused} refused for what they asked for`;
    const faulted = this.#faulted === 0 ? '' : `, ${count(this.#faulted, 'other')} hit by a fault`;
    return `${count(this.#accepted, 'call')} accepted, none rejected${refused}${faulted}`;
  }
}

function explain(call: JournalRecord): string {
  const error = call.error ?? 'an error that was not recorded';
  const broken = call.violations.length === 0 ? '' : `; it broke ${call.violations.join(' and ')}`;
  return `${callNameWithSeq(call)} with nonce ${call.nonce} was rejected: ${error}${broken}.`;
}
