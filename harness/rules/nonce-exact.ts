import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import { held, notApplicable, violated } from './outcome.ts';
import { PrecisionWitness } from './precision-loss.ts';
import type { PrecisionLoss } from './precision-loss.ts';
import type { Rule, RuleObserver, RuleOutcome } from './rule.ts';
import { accountName, callNameWithSeq, count } from './words.ts';

/**
 * Every nonce is 1 to 20 decimal digits below 2^64, exactly as sent, and none went through a floating-point
 * number on the way; how the latter is told, and what cannot be told, is said at {@link PrecisionWitness}.
 *
 * A call without a readable nonce breaks the rule, unless a fault hit it or it was still in service when the
 * history ended: then its body may never have come.
 */
export const nonceExact: Rule = {
  id: 'nonce-exact',
  holdsWhen: 'every nonce is 1 to 20 decimal digits below 2^64, with no precision lost on the way',
  observe: () => new NonceExact(),
};

/** The nonces of one key, or of all together, and the first call among them. */
class Witness {
  readonly precision = new PrecisionWitness();
  readonly firstCall: JournalRecord;
  readonly whose: string;

  constructor(firstCall: JournalRecord, whose: string) {
    this.firstCall = firstCall;
    this.whose = whose;
  }
}

class NonceExact implements RuleObserver {
  /** By key index. */
  readonly #witnessOfKey: (Witness | undefined)[] = [];
  /** Over all keys, for runs in which each account makes few calls. */
  #everybody: Witness | null = null;
  #calls = 0;
  #violations = 0;
  #first: JournalRecord | null = null;

  onCall(call: JournalRecord, { nonce, keyIndex }: CallFacts): boolean {
    if (call.duplicateOf !== undefined) return false;
    if (nonce === null) return this.#onUnreadable(call);
    this.#calls += 1;
    this.#everybody ??= new Witness(call, 'all accounts together');
    this.#everybody.precision.add(nonce);
    if (keyIndex < 0) return false;
    const witness = (this.#witnessOfKey[keyIndex] ??= new Witness(call, accountName(call)));
    witness.precision.add(nonce);
    return false;
  }

  finish(): RuleOutcome {
    if (this.#first !== null)
      return violated(this.#violations, [this.#first.seq], explainUnreadable(this.#first));
    if (this.#calls === 0) return notApplicable('There was no nonce.');
    return (
      this.#precisionLoss() ??
      held(`${count(this.#calls, 'nonce')} of 1 to 20 digits below 2^64, no precision lost`)
    );
  }

  #onUnreadable(call: JournalRecord): boolean {
    if (call.nonce === null && (call.fault !== null || call.departedNs === null)) return false;
    this.#violations += 1;
    this.#first ??= call;
    return true;
  }

  #precisionLoss(): RuleOutcome | null {
    const witnesses = this.#everybody === null ? [] : [this.#everybody, ...this.#witnessOfKey];
    for (const witness of witnesses) {
      const loss = witness?.precision.loss() ?? null;
      if (witness === undefined || loss === null) continue;
      return violated(witness.precision.count, [witness.firstCall.seq], explainLoss(witness, loss));
    }
    return null;
  }
}

function explainUnreadable(call: JournalRecord): string {
  if (call.nonce === null) return `${callNameWithSeq(call)} carried no nonce that could be read.`;
  const shown = JSON.stringify(call.nonce.length > 40 ? `${call.nonce.slice(0, 40)}…` : call.nonce);
  return `${callNameWithSeq(call)} carried ${shown} as its nonce, which is not 1 to 20 decimal digits below 2^64.`;
}

const SIGN: Readonly<Record<PrecisionLoss, string>> = {
  step: 'is exactly the value of a double',
  shortest: 'is exactly what a double prints',
};

function explainLoss({ precision, whose, firstCall }: Witness, loss: PrecisionLoss): string {
  return (
    `Each of the ${count(precision.count, 'nonce')} of ${whose} above 2^53 ${SIGN[loss]}: they went through a ` +
    `floating-point number (in JavaScript, Number) and lost their last digits. ` +
    `The first is ${firstCall.nonce} of ${callNameWithSeq(firstCall)}.`
  );
}
