import type { RuleOutcome } from './rule.ts';

/** The rule held; `explanation` says over what. */
export function held(explanation: string): RuleOutcome {
  return { status: 'held', violations: 0, first: [], explanation };
}

/** The rule was broken `violations` times; `first` as in {@link RuleOutcome}. */
export function violated(violations: number, first: readonly number[], explanation: string): RuleOutcome {
  return { status: 'violated', violations, first, explanation };
}

/** The rule applies, but the evidence does not suffice. */
export function inconclusive(explanation: string): RuleOutcome {
  return { status: 'inconclusive', violations: 0, first: [], explanation };
}

/** There was nothing that this rule speaks of. */
export function notApplicable(explanation: string): RuleOutcome {
  return { status: 'not-applicable', violations: 0, first: [], explanation };
}
