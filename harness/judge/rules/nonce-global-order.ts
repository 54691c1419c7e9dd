import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import { explainInversion, HighestNonce } from './highest-nonce.ts';
import type { NonceInversion } from './highest-nonce.ts';
import { held, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome } from './rule.ts';
import { count } from '../../format.ts';

/**
 * With one lane for all accounts, nonces rise in arrival order across all keys. Kraken does not ask for this: it
 * compares nonces per key. It is the mark of one nonce source used inside one lane.
 */
export const nonceGlobalOrder: Rule = {
  id: 'nonce-global-order',
  holdsWhen: 'with one lane for all accounts, nonces rise in arrival order across all keys',
  observe: ({ scope }) => (scope === 'global' ? new NonceGlobalOrder() : new NotAsked()),
};

class NotAsked implements RuleObserver {
  onCall(): boolean {
    return false;
  }

  finish(): RuleOutcome {
    return notApplicable('Each API key has a lane of its own, so nothing orders the keys among each other.');
  }
}

class NonceGlobalOrder implements RuleObserver {
  #highest: HighestNonce | null = null;
  #calls = 0;
  #violations = 0;
  #first: NonceInversion | null = null;

  onCall(call: JournalRecord, { nonce, keyIndex }: CallFacts): boolean {
    if (keyIndex < 0 || nonce === null || call.duplicateOf !== undefined) return false;
    this.#calls += 1;
    if (this.#highest === null) {
      this.#highest = new HighestNonce(nonce, call);
      return false;
    }
    const higher = this.#highest.admit(nonce, call);
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
    if (this.#calls < 2) return notApplicable('There were no two nonces that could be compared.');
    return held(`${count(this.#calls, 'call')} in one rising order`);
  }
}
