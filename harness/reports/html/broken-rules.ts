import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { CallReader, inNonceOrder, RULES, RULES_IN_NONCE_ORDER } from '../../judge/rules/index.ts';
import type { Verdict } from '../../judge/verdict/index.ts';

/** For each call, in order, the rules that it broke: bit n is the n-th of `RULE_IDS`. */
export type BrokenRules = readonly number[];

/**
 * Which rules each call broke. Rules that know only at the end name no call here; the verdict names the calls
 * of their first violation.
 */
export function findBrokenRules(calls: readonly JournalRecord[], { scope, strict }: Verdict): BrokenRules {
  const context = { scope, accounts: null, faultKinds: [], clientSide: false, strict } as const;
  const reader = new CallReader();
  const read = calls.map((call) => ({ call, facts: reader.read(call) }));
  const nonceOrder = inNonceOrder(calls);
  const bits = calls.map(() => 0);
  RULES.forEach((rule, n) => {
    const observer = rule.observe(context);
    for (const position of RULES_IN_NONCE_ORDER.has(rule.id) ? nonceOrder : calls.keys()) {
      const at = read[position];
      if (at !== undefined && observer.onCall(at.call, at.facts))
        bits[position] = (bits[position] ?? 0) | (1 << n);
    }
  });
  return bits;
}
