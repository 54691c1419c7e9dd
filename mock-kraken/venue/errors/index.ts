export { Refusal, refuse } from './refusal.ts';
export { tooManyPriceDecimals, TRADING_ERRORS } from './trading-errors.ts';
export { VenueError } from './venue-error.ts';
