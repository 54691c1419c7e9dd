import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import { explainInversion, HighestNonce } from './highest-nonce.ts';
import type { NonceInversion } from './highest-nonce.ts';
import { held, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome } from './rule.ts';
import { count } from '../../format.ts';

/**
 * Per API key, each nonce is greater than every nonce that *arrived* before it. That is stricter than Kraken,
 * which compares with the last nonce it *accepted* (Kraken docs, errors guide): a client whose nonces arrive
 * out of order broke the rule even when an earlier rejection happened to hide it.
 *
 * Calls without a key or without a readable nonce are no concern of this rule.
 */
export const nonceIncreasing: Rule = {
  id: 'nonce-increasing',
  holdsWhen: 'per API key, each nonce is greater than every nonce that arrived before it',
  observe: () => new NonceIncreasing(),
};

class NonceIncreasing implements RuleObserver {
  /** By key index. */
  readonly #highestOfKey: (HighestNonce | undefined)[] = [];
  #keys = 0;
  #calls = 0;
  #violations = 0;
  #first: NonceInversion | null = null;

  onCall(call: JournalRecord, { nonce, keyIndex }: CallFacts): boolean {
    if (keyIndex < 0 || nonce === null || call.duplicateOf !== undefined) return false;
    this.#calls += 1;
    const highest = this.#highestOfKey[keyIndex];
    if (highest === undefined) {
      this.#highestOfKey[keyIndex] = new HighestNonce(nonce, call);
      this.#keys += 1;
      return false;
    }
    const higher = highest.admit(nonce, call);
    if (higher === null) return false;
    this.#violations += 1;
    this.#first ??= { call, higher };
    return true;
  }

  finish(): RuleOutcome {
    if (this.#first !== null) {
      const { call, higher } = this.#first;
      return violated(this.#violations, [call.seq, higher.seq], explainInversion(this.#first));
    }
    if (this.#calls === this.#keys)
      return notApplicable('No API key brought two nonces that could be compared.');
    return held(`${count(this.#calls, 'call')} on ${count(this.#keys, 'key')}`);
  }
}
