export { candle } from './candles.ts';
export { hash32 } from './hash.ts';
export { bookLevelsMax, Market, priceOf, ticksOf } from './market.ts';
export type { Level, Side } from './market.ts';
export { tickAt, tickMs } from './price-walk.ts';
export { rfc3339, seconds, wholeSeconds } from './seconds.ts';
