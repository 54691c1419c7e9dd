import { allAccepted } from './all-accepted.ts';
import { allSettle } from './all-settle.ts';
import { effectOnce } from './effect-once.ts';
import { exercised } from './exercised.ts';
import { noOverlap } from './no-overlap.ts';
import { noStarvation } from './no-starvation.ts';
import { nonceExact } from './nonce-exact.ts';
import { nonceGlobalOrder } from './nonce-global-order.ts';
import { nonceIncreasing } from './nonce-increasing.ts';
import { nonceReused } from './nonce-reused.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order of `RULE_IDS`. */
export const RULES: readonly Rule[] = [
  nonceIncreasing,
  nonceGlobalOrder,
  nonceReused,
  nonceExact,
  noOverlap,
  allAccepted,
  effectOnce,
  allSettle,
  noStarvation,
  exercised,
];
