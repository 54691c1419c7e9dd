import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { CallReader, RULES } from '../../rules/index.ts';
import type { Verdict } from '../../verdict/index.ts';

/** For each call, in order, the rules that it broke: bit n is the n-th of `RULE_IDS`. */
export type BrokenRules = readonly number[];

/**
 * Which rules each call broke. Rules that know only at the end name no call here; the verdict names the calls
 * of their first violation.
 */
export function findBrokenRules(calls: readonly JournalRecord[], { scope, strict }: Verdict): BrokenRules {
  const context = { scope, accounts: null, faultKinds: [], clientSide: false, strict } as const;
  const reader = new CallReader();
  const observers = RULES.map((rule) => rule.observe(context));
  return calls.map((call) => {
    const facts = reader.read(call);
    return observers.reduce((bits, observer, n) => bits | (observer.onCall(call, facts) ? 1 << n : 0), 0);
  });
}
