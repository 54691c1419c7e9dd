export { CallReader } from './call-facts.ts';
export type { CallFacts } from './call-facts.ts';
export { noOverlap } from './no-overlap.ts';
export { inNonceOrder, NonceOrder, RULES_IN_NONCE_ORDER } from './nonce-order.ts';
export { isGreaterNonce, readNonce } from './nonce-text.ts';
export { RULES } from './registry.ts';
export { rejectionOf } from './rejection.ts';
export { WARNING_IDS } from './rule.ts';
export type {
  Rule,
  RuleContext,
  RuleObserver,
  RuleOutcome,
  RuleStatus,
  RunEnd,
  Stillness,
  TargetExit,
  Warning,
} from './rule.ts';
export { describeExit, endedWell } from './target-exit.ts';
