export { Engine } from './engine.ts';
export { readOrder, readPair, readPairs, readUserref, readVolume, refuseHidden } from './order-request.ts';
export { describe, describeClose, orderView, shownPrices } from './order-view.ts';
export type { Amend, Order, OrderTerms, Trigger } from './order.ts';
export { hashSign, priceTicks } from './price-text.ts';
export { refuseLate } from './request-times.ts';
export type { Trade } from './trade.ts';
export { isWaiting } from './triggers.ts';
export { VenueClock } from './venue-clock.ts';
