export { callInDoubt, PlacingBlockedError, placingsMeant, PlacingWaitError } from './calls-in-doubt.ts';
export { decimal, scaleVolume } from './copy-scale.ts';
export type { SkipReason } from './copy-scale.ts';
export {
  CancelIncompleteError,
  OrderAbsentError,
  OrderIdInUseError,
  OrderOutcomeUnknownError,
} from './order-errors.ts';
export { lookUpOrder, OrderListMissingError } from './order-lookup.ts';
export type { FoundOrder } from './order-lookup.ts';
export { placeOrderOnce } from './order-placement.ts';
export { PairRulesBook, PairRulesError } from './pair-rules.ts';
export type { PairRules } from './pair-rules.ts';
