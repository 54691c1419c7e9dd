/** Every rule there is, in the order in which they are shown. The ids are fixed: other people's scripts read them. */
export const RULE_IDS = [
  'nonce-increasing',
  'nonce-global-order',
  'nonce-reused',
  'nonce-exact',
  'no-overlap',
  'all-accepted',
  'effect-once',
  'all-settle',
  'no-starvation',
  'exercised',
] as const;

export type RuleId = (typeof RULE_IDS)[number];
