import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import { held, notApplicable, violated } from './outcome.ts';
import { PrecisionWitness } from './precision-loss.ts';
import type { PrecisionLoss } from './precision-loss.ts';
import { timeOfNonce } from './nonce-time.ts';
import { NoncesAhead, NonceUnits } from './nonce-warnings.ts';
import type { Rule, RuleContext, RuleObserver, RuleOutcome, Warning } from './rule.ts';
import { accountName, callNameWithSeq, count, formatDuration } from '../../format.ts';

/**
 * Every nonce is 1 to 20 decimal digits below 2^64 and was read exactly as it was sent: no exponent, no fraction, and
 * no JSON number that a parser with doubles turns into another one than was signed.
 *
 * A call without a readable nonce breaks the rule, unless a fault hit it or it was still in service when the
 * history ended: then its body may never have come.
 *
 * What Kraken accepts and yet costs its user dearly is a warning, and breaks the rule only when the run is judged
 * strictly: nonces that went through a floating-point number before they were sent (how that is told, and what cannot
 * be told, is said at {@link PrecisionWitness}), nonces far ahead of the clock, and two units on one key.
 */
export const nonceExact: Rule = {
  id: 'nonce-exact',
  holdsWhen: 'every nonce is 1 to 20 decimal digits below 2^64 and was read exactly as it was sent',
  observe: (context) => new NonceExact(context),
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
  readonly #isStrict: boolean;
  readonly #ahead: NoncesAhead;
  readonly #units = new NonceUnits();
  /** By key index. */
  readonly #witnessOfKey: (Witness | undefined)[] = [];
  /** Over all keys, for runs in which each account makes few calls. */
  #everybody: Witness | null = null;
  #calls = 0;
  #violations = 0;
  #first: JournalRecord | null = null;

  constructor({ strict = false, originMs }: RuleContext) {
    this.#isStrict = strict;
    this.#ahead = new NoncesAhead(originMs);
  }

  onCall(call: JournalRecord, { nonce, keyIndex }: CallFacts): boolean {
    if (call.duplicateOf !== undefined) return false;
    if (nonce === null) return this.#onUnreadable(call);
    this.#calls += 1;
    this.#ahead.add(call, nonce);
    this.#units.add(call, nonce, keyIndex);
    this.#everybody ??= new Witness(call, 'all accounts together');
    this.#everybody.precision.add(nonce);
    if (keyIndex >= 0) this.#witnessOf(call, keyIndex).precision.add(nonce);
    return call.nonceParsed === undefined ? false : this.#violate(call);
  }

  finish(): RuleOutcome {
    const warnings = [this.#lostPrecision(), this.#ahead.warning(), this.#units.warning()].filter(
      (warning) => warning !== null,
    );
    return { ...this.#conclude(warnings), warnings };
  }

  #conclude(warnings: readonly Warning[]): RuleOutcome {
    const first = this.#first;
    if (first !== null) return violated(this.#violations, [first.seq], explainInexact(first));
    if (this.#calls === 0) return notApplicable('There was no nonce.');
    const [gravest] = warnings;
    if (this.#isStrict && gravest !== undefined)
      return violated(gravest.calls, gravest.first, gravest.explanation);
    const lost = warnings.some(({ id }) => id === 'lost-precision');
    const rest = lost ? 'as they were sent' : 'no precision lost';
    return held(`${count(this.#calls, 'nonce')} of 1 to 20 digits below 2^64, ${rest}`);
  }

  #witnessOf(call: JournalRecord, keyIndex: number): Witness {
    return (this.#witnessOfKey[keyIndex] ??= new Witness(call, accountName(call)));
  }

  #onUnreadable(call: JournalRecord): boolean {
    if (call.nonce === null && (call.fault !== null || call.departedNs === null)) return false;
    return this.#violate(call);
  }

  #violate(call: JournalRecord): boolean {
    this.#violations += 1;
    this.#first ??= call;
    return true;
  }

  #lostPrecision(): Warning | null {
    const witnesses = this.#everybody === null ? [] : [this.#everybody, ...this.#witnessOfKey];
    for (const witness of witnesses) {
      const loss = witness?.precision.loss() ?? null;
      if (witness === undefined || loss === null) continue;
      return {
        id: 'lost-precision',
        rule: 'nonce-exact',
        calls: witness.precision.count,
        first: [witness.firstCall.seq],
        explanation: explainLoss(witness, loss),
      };
    }
    return null;
  }
}

function explainInexact(call: JournalRecord): string {
  if (call.nonceParsed !== undefined) {
    return (
      `${callNameWithSeq(call)} sent its nonce ${call.nonce} as a JSON number, which a parser with doubles reads as ` +
      `${call.nonceParsed}: another nonce than was signed. Send it as a string.`
    );
  }
  if (call.nonce === null) return `${callNameWithSeq(call)} carried no nonce that could be read.`;
  const shown = JSON.stringify(call.nonce.length > 40 ? `${call.nonce.slice(0, 40)}…` : call.nonce);
  return `${callNameWithSeq(call)} carried ${shown} as its nonce, which is not 1 to 20 decimal digits below 2^64.`;
}

const SIGN: Readonly<Record<PrecisionLoss, string>> = {
  step: 'is exactly the value of a double',
  shortest: 'is exactly what a double prints',
};

/** What the loss costs: how close two calls must be to collide. */
function explainStep(step: number, nonce: string): string {
  const time = timeOfNonce(nonce);
  const apart = time === null ? null : formatDuration((step / time.perSecond) * 1e9);
  return apart === null
    ? `Two nonces less than ${step} apart would become one.`
    : `Two calls within ${apart} would carry one nonce.`;
}

function explainLoss({ precision, whose, firstCall }: Witness, loss: PrecisionLoss): string {
  return (
    `Each of the ${count(precision.count, 'nonce')} of ${whose} above 2^53 ${SIGN[loss]}: they went through a ` +
    `floating-point number (in JavaScript, Number; in Python, float) and lost their last digits. ` +
    `${explainStep(precision.step, firstCall.nonce ?? '')} The first is ${firstCall.nonce} of ${callNameWithSeq(firstCall)}.`
  );
}
