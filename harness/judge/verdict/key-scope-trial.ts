import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { rejectionOf } from '../rules/index.ts';
import { noOverlap } from '../rules/index.ts';
import type { CallFacts, RuleContext, RuleObserver } from '../rules/index.ts';
import type { RuleId } from '../history/index.ts';
import type { RuleVerdict } from './verdict.ts';

/** What scope `key` asks for differs in these rules only. */
const JUDGED_ANEW: readonly RuleId[] = ['nonce-global-order', 'no-overlap', 'all-accepted'];

/**
 * Finds out, while a history is judged under scope `global`, whether it would have held under scope `key`.
 * Calls that the exchange rejected for nothing but an overlap that is none within a key are taken as if it had
 * not rejected them.
 */
export class KeyScopeTrial {
  readonly #overlap: RuleObserver;
  readonly #isStrict: boolean;
  #otherRejections = 0;

  constructor(context: RuleContext) {
    this.#overlap = noOverlap.observe({ ...context, scope: 'key' });
    this.#isStrict = context.strict ?? false;
  }

  onCall(call: JournalRecord, facts: CallFacts): void {
    const overlapsOnKey = this.#overlap.onCall(call, facts);
    const column = rejectionOf(call);
    const isJudged = column === 'call' || (column === 'content' && this.#isStrict);
    if (isJudged && (overlapsOnKey || !onlyForOverlap(call))) this.#otherRejections += 1;
  }

  /** One line when the verdict under scope `global` is `violated` and nothing is wrong under scope `key`. */
  notes(rules: readonly RuleVerdict[]): readonly string[] {
    const isViolated = rules.some(({ status }) => status === 'violated');
    if (!isViolated || !this.#holds(rules)) return [];
    return [
      'Under scope key this run would have held: Kraken itself asks for order and no overlap only per API key.',
    ];
  }

  #holds(rules: readonly RuleVerdict[]): boolean {
    if (this.#otherRejections > 0) return false;
    if (this.#overlap.finish({ exit: null, clientCalls: null }).status === 'violated') return false;
    const same = rules.filter(({ id }) => !JUDGED_ANEW.includes(id));
    return same.every(({ status }) => status === 'held' || status === 'not-applicable');
  }
}

function onlyForOverlap(call: JournalRecord): boolean {
  return call.violations.length === 1 && call.violations[0] === 'no-overlap';
}
