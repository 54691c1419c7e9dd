import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome } from './rule.ts';
import { SeenNonces } from './seen-nonces.ts';
import { callName, count } from '../../format.ts';

/** How many nonces are remembered, over all keys together; about 64 bytes each. */
const NONCE_COUNT_MAX = 262_144;
/** However many keys there are, each may keep this many. */
const NONCE_COUNT_MIN_PER_KEY = 64;

/**
 * No (key, nonce) pair is ever sent twice, retries included: the second can never be accepted, and if a nonce
 * window is set on the key nobody has documented that it cannot.
 *
 * Leading zeros do not make another nonce. Nonces that cannot be read are the business of `nonce-exact`.
 *
 * In a history of more than 262,144 calls the oldest nonces are forgotten. That matters only for a nonce lower
 * than those forgotten: then this rule is inconclusive unless it is violated by another (and
 * `nonce-increasing` is violated in any case).
 */
export const nonceReused: Rule = {
  id: 'nonce-reused',
  holdsWhen: 'no (key, nonce) pair is ever sent twice, retries included',
  observe: () => observeReuse(NONCE_COUNT_MAX),
};

/** Returns an observer of {@link nonceReused} that remembers `nonceCountMax` nonces, over all keys together. */
export function observeReuse(nonceCountMax: number): RuleObserver {
  return new NonceReused(nonceCountMax);
}

interface Reuse {
  readonly call: JournalRecord;
  readonly firstSeq: number;
}

class NonceReused implements RuleObserver {
  /** By key index. */
  readonly #seenOfKey: (SeenNonces | undefined)[] = [];
  readonly #nonceCountMax: number;
  #keys = 0;
  #nonceCountMaxPerKey = 0;
  #calls = 0;
  #forgotten = 0;
  #violations = 0;
  #first: Reuse | null = null;

  constructor(nonceCountMax: number) {
    this.#nonceCountMax = nonceCountMax;
  }

  onCall(call: JournalRecord, { nonce, keyIndex }: CallFacts): boolean {
    if (keyIndex < 0 || nonce === null || call.duplicateOf !== undefined) return false;
    this.#calls += 1;
    const known = this.#seenOfKey[keyIndex] ?? this.#open(keyIndex);
    const seen = known.add(nonce, call.seq, this.#nonceCountMaxPerKey);
    if (seen === 'forgotten') this.#forgotten += 1;
    if (typeof seen !== 'number') return false;
    this.#violations += 1;
    this.#first ??= { call, firstSeq: seen };
    return true;
  }

  finish(): RuleOutcome {
    if (this.#first !== null) {
      const { call, firstSeq } = this.#first;
      return violated(this.#violations, [call.seq, firstSeq], explain(this.#first));
    }
    if (this.#forgotten > 0) return inconclusive(explainForgotten(this.#forgotten));
    if (this.#calls === this.#keys)
      return notApplicable('No API key brought two nonces that could be compared.');
    return held(`${count(this.#calls, 'nonce')} on ${count(this.#keys, 'key')}, all different`);
  }

  #open(keyIndex: number): SeenNonces {
    const seen = new SeenNonces();
    this.#seenOfKey[keyIndex] = seen;
    this.#keys += 1;
    const share = Math.floor(this.#nonceCountMax / this.#keys);
    this.#nonceCountMaxPerKey = Math.max(NONCE_COUNT_MIN_PER_KEY, share);
    return seen;
  }
}

function explain({ call, firstSeq }: Reuse): string {
  return `${callName(call)} carried nonce ${call.nonce}, which the same key had sent before (#${call.seq}, #${firstSeq}).`;
}

function explainForgotten(n: number): string {
  return `${count(n, 'nonce')} arrived so much later than their time that nobody remembers whether they had been sent before.`;
}
