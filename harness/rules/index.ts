export { CallReader } from './call-facts.ts';
export type { CallFacts } from './call-facts.ts';
export { RULES } from './registry.ts';
export { inNonceOrder, NonceOrder, RULES_IN_NONCE_ORDER } from './nonce-order.ts';
export { rejectionOf } from './rejection.ts';
export { RULE_IDS } from '../history/rule-ids.ts';
export type { RuleId } from '../history/rule-ids.ts';
export { WARNING_IDS } from './rule.ts';
export type {
  Rule,
  RuleContext,
  RuleObserver,
  RuleOutcome,
  RuleStatus,
  RunEnd,
  Stillness,
  TargetEnd,
  TargetExit,
  Warning,
} from './rule.ts';
